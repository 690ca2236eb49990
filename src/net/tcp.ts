import { connect, type Socket } from 'node:net';
import { AbsentError } from '../core/collected.ts';
import { reasonOf } from '../core/error.ts';

/** How a conversation over TCP can go wrong; stable, so that callers and tests can tell them apart. */
export type TcpProblemKind =
  | 'unresolvable'
  | 'refused'
  | 'unreachable'
  | 'reset'
  | 'closed'
  | 'timeout'
  | 'cancelled'
  | 'declined';

/** Thrown by everything that talks over TCP. The message says where and what, on one line. */
export class TcpProblem extends Error {
  readonly kind: TcpProblemKind;

  constructor(kind: TcpProblemKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'TcpProblem';
    this.kind = kind;
  }
}

const BY_CODE: Record<string, readonly [TcpProblemKind, string]> = {
  ENOTFOUND: ['unresolvable', 'the name does not resolve'],
  EAI_AGAIN: ['unresolvable', 'the name could not be resolved: the resolver did not answer'],
  ECONNREFUSED: ['refused', 'connection refused: nothing listens there'],
  ECONNRESET: ['reset', 'the connection was reset'],
  EPIPE: ['reset', 'the connection was closed while sending'],
  ECONNABORTED: ['reset', 'the connection was aborted'],
  EHOSTUNREACH: ['unreachable', 'no route to the host'],
  ENETUNREACH: ['unreachable', 'no route to the network'],
  EADDRNOTAVAIL: ['unreachable', 'the address cannot be reached from here'],
  EINVAL: ['unreachable', 'the address cannot be reached from here'],
  EACCES: ['unreachable', 'connecting there is not permitted from here'],
  EPERM: ['unreachable', 'connecting there is not permitted from here'],
  ETIMEDOUT: ['timeout', 'the connection timed out'],
};

/** Puts whatever the network stack threw into one of the kinds. `where` is `host:port`. */
export function toTcpProblem(where: string, thrown: unknown): TcpProblem {
  if (thrown instanceof TcpProblem) return thrown;
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const [kind, reason] = BY_CODE[code] ?? ['unreachable', reasonOf(thrown)];
  return new TcpProblem(kind, `${where}: ${reason}`, thrown);
}

/** The absence that a problem stands for. */
export function toAbsent(problem: TcpProblem): AbsentError {
  const timedOut = problem.kind === 'timeout' || problem.kind === 'cancelled';
  return new AbsentError(timedOut ? 'timeout' : 'unreachable', problem.message, problem);
}

/** `host:port`, with brackets around an IPv6 address. */
export function formatHostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

export interface TcpOptions {
  host: string;
  port: number;
  signal: AbortSignal;
  timeoutMs: number;
}

/** Connects, or throws `TcpProblem` at the deadline, on refusal or when cancelled. The caller destroys the socket. */
export function connectTcp(options: TcpOptions): Promise<Socket> {
  const where = formatHostPort(options.host, options.port);
  return new Promise((resolve, reject) => {
    if (options.signal.aborted) return reject(new TcpProblem('cancelled', `${where}: cancelled`));
    const socket = connect({ host: options.host, port: options.port, noDelay: true });
    const settle = () => {
      clearTimeout(timer);
      options.signal.removeEventListener('abort', onAbort);
      socket.removeListener('error', onError);
    };
    const give = (problem: TcpProblem) => {
      settle();
      socket.on('error', ignore);
      socket.destroy();
      reject(problem);
    };
    const onError = (error: Error) => give(toTcpProblem(where, error));
    const onAbort = () => give(new TcpProblem('cancelled', `${where}: the audit's deadline came first`));
    const timer = setTimeout(
      () => give(new TcpProblem('timeout', `${where}: no connection within ${options.timeoutMs} ms`)),
      options.timeoutMs,
    );
    options.signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', onError);
    socket.once('connect', () => {
      settle();
      // A socket between two exchanges must not bring the process down when its peer resets it.
      socket.on('error', ignore);
      resolve(socket);
    });
  });
}

function ignore(): void {}

export interface ExchangeOptions<T> {
  /** What to send first; nothing where the server speaks first. */
  send?: Uint8Array;
  /** Called with all bytes received so far; anything but `undefined` ends the exchange. */
  until(received: Buffer): T | undefined;
  signal: AbortSignal;
  timeoutMs: number;
  /** More than this without an answer ends the exchange as `overflow`. */
  maxBytes: number;
}

/** How an exchange ended, and all bytes that came. */
export type Exchange<T> =
  | { end: 'answer'; value: T; received: Buffer }
  | { end: 'closed' | 'reset' | 'timeout' | 'cancelled' | 'overflow'; received: Buffer };

/** Sends, then reads until there is an answer, the peer leaves, or a bound is reached. Never throws; leaves the socket open. */
export function exchange<T>(socket: Socket, options: ExchangeOptions<T>): Promise<Exchange<T>> {
  return new Promise((resolve) => {
    let received: Buffer = Buffer.alloc(0);
    const finish = (ended: Exchange<T>) => {
      clearTimeout(timer);
      options.signal.removeEventListener('abort', onAbort);
      socket.removeListener('data', onData);
      socket.removeListener('end', onEnd);
      socket.removeListener('close', onEnd);
      socket.removeListener('error', onError);
      socket.pause();
      resolve(ended);
    };
    const onData = (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const value = options.until(received);
      if (value !== undefined) finish({ end: 'answer', value, received });
      else if (received.length > options.maxBytes) finish({ end: 'overflow', received });
    };
    const onEnd = () => finish({ end: 'closed', received });
    const onError = () => finish({ end: 'reset', received });
    const onAbort = () => finish({ end: 'cancelled', received });
    const timer = setTimeout(() => finish({ end: 'timeout', received }), options.timeoutMs);
    if (options.signal.aborted) return onAbort();
    if (socket.destroyed) return onEnd();
    options.signal.addEventListener('abort', onAbort, { once: true });
    socket.on('data', onData);
    socket.once('end', onEnd);
    socket.once('close', onEnd);
    socket.once('error', onError);
    socket.resume();
    if (options.send) socket.write(options.send);
  });
}
