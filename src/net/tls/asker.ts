import type { Socket } from 'node:net';
import { ALERT, alertName } from '../../knowledge/tls/alerts.ts';
import { connectTcp, type Exchange, exchange, formatHostPort, TcpProblem, toTcpProblem } from '../tcp.ts';
import { clientHello, type Hello } from './client-hello.ts';
import { type Flight, MAX_FLIGHT, readFlight, type ServerAnswer } from './server-flight.ts';

export interface AskerOptions {
  address: string;
  port: number;
  signal: AbortSignal;
  /** For one connection, from connect to answer. */
  timeoutMs: number;
  /** Connections that may be made to this address in all. */
  budget: number;
  /** Connections at the same time; falls to one as soon as the server drops any. */
  parallel: number;
  onConnection(): void;
  /** Words before TLS on a connection that begins in the clear. Throws `TcpProblem`. */
  prelude?(socket: Socket): Promise<void>;
  /** Told of every ServerHello. */
  onFlight(flight: Flight, hello: Hello): void;
}

/**
 * What a server said to one hello. `refused` is a no that can be relied on: an alert, or (`silent`) a close that came every
 * time while a hello known to work kept working. `lost` means that nothing can be concluded.
 */
export type Reply =
  | { kind: 'hello'; flight: Flight }
  | { kind: 'refused'; alert: number | null; silent: boolean; turn: number }
  | { kind: 'lost'; reason: string };

/** How one connection went. */
type Attempt = ServerAnswer | { kind: 'dropped'; how: 'connect' | 'closed' | 'reset' | 'timeout'; reason: string };

const ATTEMPTS = 3;
/** After so many drops one after the other the server is left alone. */
const PATIENCE = 9;

/** Puts hellos to one address: bounded in number and in parallel, telling refusals from drops. */
export class Asker {
  connections = 0;
  /** Some hello was dropped that was answered when put again: this server's silence means nothing. */
  flaky = false;
  /** The words before TLS were answered with a clear no. */
  declined: string | null = null;
  /** No connection could be made at all. */
  unreachable = false;
  private readonly options: AskerOptions;
  private running = 0;
  private parallel: number;
  private readonly waiting: (() => void)[] = [];
  private dropsInARow = 0;
  private gaveUp: string | null = null;
  private turn = 0;
  private lastGoodTurn = 0;
  private known: Hello | null = null;

  constructor(options: AskerOptions) {
    this.options = options;
    this.parallel = options.parallel;
  }

  /** Puts a hello until there is something to conclude from. */
  async ask(hello: Hello): Promise<Reply> {
    let silences = 0;
    let reason = '';
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (this.gaveUp) return { kind: 'lost', reason: this.gaveUp };
      const got = await this.attempt(hello);
      if (got.kind === 'hello' || got.kind === 'alert') {
        if (attempt > 0) this.flaky = true;
        return this.conclude(got, hello);
      }
      reason = got.kind === 'dropped' ? got.reason : `${this.where} answered with what is not TLS: ${got.start}`;
      if (got.kind === 'not-tls') continue;
      if (got.how === 'closed' || got.how === 'reset') {
        silences += 1;
        if (this.known && !(await this.control())) return { kind: 'lost', reason };
      } else if (attempt > 0 || this.unreachable) break;
    }
    if (silences === ATTEMPTS && this.known && !this.flaky)
      return { kind: 'refused', alert: null, silent: true, turn: this.turn };
    return { kind: 'lost', reason };
  }

  /** One connection with other bytes, for what is no ordinary hello. */
  async converse<T>(send: Uint8Array, until: (received: Buffer) => T | undefined): Promise<Exchange<T> | null> {
    return this.connected((socket, left) =>
      exchange(socket, { send, until, signal: this.options.signal, timeoutMs: left, maxBytes: MAX_FLIGHT }),
    ).catch(() => null);
  }

  /** Runs something on a fresh connection after the prelude; counted, bounded, always closed. Throws `TcpProblem`. */
  async connected<T>(use: (socket: Socket, leftMs: number) => Promise<T>): Promise<T> {
    await this.enter();
    let socket: Socket | undefined;
    try {
      if (this.connections >= this.options.budget)
        throw new TcpProblem('cancelled', `${this.where}: the budget of ${this.options.budget} connections is spent`);
      this.connections += 1;
      this.options.onConnection();
      const started = performance.now();
      const { address: host, port, signal, timeoutMs } = this.options;
      socket = await connectTcp({ host, port, signal, timeoutMs });
      await this.options.prelude?.(socket);
      return await use(socket, Math.max(1, timeoutMs - (performance.now() - started)));
    } finally {
      socket?.destroy();
      this.leave();
    }
  }

  /** Whether a hello that is known to work still works. */
  async control(): Promise<boolean> {
    if (!this.known || this.gaveUp) return false;
    const got = await this.attempt(this.known);
    if (got.kind === 'hello') {
      this.lastGoodTurn = this.turn;
      this.dropsInARow = 0;
      return true;
    }
    this.flaky = true;
    return false;
  }

  /** Refusals before this turn are proved by a success that came later; puts a control hello where that is needed. */
  async provenUntil(turn: number): Promise<boolean> {
    return this.lastGoodTurn >= turn || (await this.control());
  }

  /** Aborted at the deadline of the scan. */
  get signal(): AbortSignal {
    return this.options.signal;
  }

  private get where(): string {
    return formatHostPort(this.options.address, this.options.port);
  }

  private conclude(answer: Flight | { kind: 'alert'; description: number }, hello: Hello): Reply {
    this.dropsInARow = 0;
    this.turn += 1;
    if (answer.kind === 'alert') return { kind: 'refused', alert: answer.description, silent: false, turn: this.turn };
    this.lastGoodTurn = this.turn;
    this.known ??= hello;
    this.options.onFlight(answer, hello);
    return { kind: 'hello', flight: answer };
  }

  private async attempt(hello: Hello): Promise<Attempt> {
    let got: Attempt;
    try {
      got = await this.connected(async (socket, left): Promise<Attempt> => {
        const ended = await exchange(socket, {
          send: clientHello(hello),
          until: (received) => readFlight(received),
          signal: this.options.signal,
          timeoutMs: left,
          maxBytes: MAX_FLIGHT,
        });
        return this.judge(ended);
      });
    } catch (thrown) {
      const problem = toTcpProblem(this.where, thrown);
      if (problem.kind === 'cancelled') this.gaveUp = problem.message;
      if (problem.kind === 'declined' && !this.known) {
        this.declined = problem.message;
        this.gaveUp = problem.message;
      }
      const how = problem.kind === 'reset' || problem.kind === 'closed' ? 'reset' : 'connect';
      // Refused before any answer was had: nothing listens, and asking again will not change it.
      if (!this.known && (problem.kind === 'refused' || problem.kind === 'unreachable')) this.unreachable = true;
      got = { kind: 'dropped', how, reason: problem.message };
    }
    if (got.kind === 'dropped' || got.kind === 'not-tls') this.noteDrop(got);
    return got;
  }

  private judge(ended: Exchange<ServerAnswer>): Attempt {
    if (ended.end === 'answer') {
      const { value } = ended;
      // Some servers end with a polite close instead of saying why.
      if (value.kind === 'alert' && value.description === ALERT.closeNotify)
        return { kind: 'dropped', how: 'closed', reason: `${this.where}: ${alertName(0)} instead of an answer` };
      return value;
    }
    const late = readFlight(ended.received, true);
    if (late) return late;
    if (ended.end === 'cancelled') this.gaveUp = `${this.where}: the deadline of the scan came first`;
    if (ended.end === 'closed' || ended.end === 'reset')
      return {
        kind: 'dropped',
        how: ended.end,
        reason: `${this.where}: the connection was ${ended.end} instead of an answer`,
      };
    return {
      kind: 'dropped',
      how: 'timeout',
      reason: `${this.where}: no answer to a TLS hello within ${this.options.timeoutMs} ms`,
    };
  }

  private noteDrop(got: Exclude<Attempt, Flight | { kind: 'alert' }>): void {
    this.parallel = 1;
    this.dropsInARow += 1;
    if (this.dropsInARow >= PATIENCE)
      this.gaveUp ??= got.kind === 'dropped' ? got.reason : `${this.where} stopped answering in TLS`;
  }

  private async enter(): Promise<void> {
    while (this.running >= this.parallel) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.running += 1;
  }

  private leave(): void {
    this.running -= 1;
    this.waiting.shift()?.();
  }
}
