import type { EndpointProtocol } from '../core/target.ts';
import { protocolOfBanner } from './banner.ts';
import { connectTcp, type Exchange, exchange, formatHostPort, toAbsent, toTcpProblem } from './tcp.ts';
import { clientHello } from './tls/client-hello.ts';
import { handshakeForHttp } from './tls/handshake-http.ts';
import { pilotHello } from './tls/inventory.ts';
import { readFlight } from './tls/server-flight.ts';

export interface RecogniseOptions {
  signal: AbortSignal;
  /** For each of the few connections. */
  timeoutMs?: number;
}

/** How long a server that speaks first is given to begin; mail servers that wait on purpose are known by their port. */
const GREETING_MS = 1_500;
const MAX_BYTES = 16 * 1024;

/** Servers that wait for the client, by the port that IANA gave them: there is nothing to hear from them. */
const BY_PORT: Partial<Record<number, EndpointProtocol>> = {
  21: 'ftp',
  25: 'smtp',
  110: 'pop3',
  143: 'imap',
  389: 'ldap',
  587: 'smtp',
  3306: 'mysql',
  5222: 'xmpp',
  5269: 'xmpp',
  5432: 'postgres',
};

/** SSLRequest of the PostgreSQL protocol; the answer is one byte, S or N (or E from very old servers). */
const POSTGRES_SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/**
 * Finds out what speaks on a port: `https` or `tls`, `ssh`, `http`, the mail protocols, `ftp`, `mysql`, `postgres`, or
 * `tcp` for anything else that accepts connections. A port that cannot be reached throws `AbsentError`.
 */
export async function recognise(host: string, port: number, options: RecogniseOptions): Promise<EndpointProtocol> {
  const bare = host.replace(/^\[|\]$/g, '');
  const timeoutMs = options.timeoutMs ?? 5_000;
  const talk = async <T>(
    waitMs: number,
    until: (received: Buffer) => T | undefined,
    send?: Uint8Array,
    signal = options.signal,
  ) => {
    const socket = await connectTcp({ host: bare, port, signal, timeoutMs });
    try {
      return await exchange(socket, {
        until,
        signal,
        timeoutMs: waitMs,
        maxBytes: MAX_BYTES,
        ...(send ? { send } : {}),
      });
    } finally {
      socket.destroy();
    }
  };

  // Both at once: who speaks first is silent to a hello, and who waits for a hello has no greeting.
  const hello = clientHello(pilotHello(bare));
  const decided = new AbortController();
  const either = AbortSignal.any([options.signal, decided.signal]);
  const race = async <T>(until: (received: Buffer) => T | undefined, send?: Uint8Array): Promise<Exchange<T>> => {
    try {
      const heard = await talk(GREETING_MS, until, send, either);
      if (heard.end === 'answer') decided.abort();
      return heard;
    } catch (thrown) {
      if (decided.signal.aborted) return { end: 'cancelled', received: Buffer.alloc(0) };
      throw toAbsent(toTcpProblem(formatHostPort(bare, port), thrown));
    }
  };
  // Port 22 is asked alone: to whoever watches the log of sshd, a hello of TLS is an attack.
  const alone = port === 22 ? await race(protocolOfBanner) : null;
  if (alone?.end === 'answer') return alone.value;
  const [greeting, reply] = await Promise.all([
    race(protocolOfBanner),
    race((received) => protocolOfBanner(received) ?? readFlight(received), hello),
  ]);
  if (greeting.end === 'answer') return greeting.value;
  if (isTls(reply)) return (await handshakeForHttp(bare, port, options.signal, timeoutMs)) ? 'https' : 'tls';
  if (reply.end === 'answer' && typeof reply.value === 'string') return reply.value;

  const request = Buffer.from(`HEAD / HTTP/1.1\r\nHost: ${formatHostPort(bare, port)}\r\nConnection: close\r\n\r\n`);
  const http = await talk(timeoutMs, protocolOfBanner, request).catch(() => undefined);
  if (http?.end === 'answer') return http.value;
  if (BY_PORT[port]) return BY_PORT[port];
  const postgres = await talk(timeoutMs, (received) => received[0], POSTGRES_SSL_REQUEST).catch(() => undefined);
  const [first] = postgres?.received ?? [];
  return postgres?.received.length === 1 && (first === 0x53 || first === 0x4e) ? 'postgres' : 'tcp';
}

/** A ServerHello or an alert: a refusal to shake hands is TLS too. */
function isTls(reply: Exchange<EndpointProtocol | NonNullable<ReturnType<typeof readFlight>>>): boolean {
  return reply.end === 'answer' && typeof reply.value !== 'string' && reply.value.kind !== 'not-tls';
}
