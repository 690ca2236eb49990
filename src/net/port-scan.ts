import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** What a plain connect met. Closed and rejected look alike from outside: both refuse. */
export type PortState = 'open' | 'refused' | 'filtered';

export interface ScanOptions {
  address: string;
  ports: readonly number[];
  /** Ports that probably answer: asked first, so that the pace of the host is known. */
  first?: readonly number[];
  signal: AbortSignal;
  /** Most connections at the same time. */
  concurrency: number;
  /** Most new connections in a second. */
  perSecond: number;
  /** Longest wait for an answer; shortened to what the host's own answers have shown to be plenty. */
  timeoutMs: number;
  onConnection?(count: number): void;
}

/** Ports that stay silent are asked once more, unless there are more of them than this: then silence is the rule. */
const ASK_AGAIN = 256;
const SHORTEST_MS = 250;
/** Out of sockets or ports of our own: no fault of the target. */
const OURS = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'EAGAIN', 'ENOBUFS']);

/** Asks every port once by a full connect, in an order that spreads neighbours; throws what the signal says when aborted. */
export async function scanPorts(options: ScanOptions): Promise<Map<number, PortState>> {
  const states = new Map<number, PortState>();
  const pace = new Pace(options.timeoutMs);
  const likely = new Set(options.first?.filter((port) => options.ports.includes(port)));
  if (likely.size > 0) await sweep(options, [...likely], pace, states);
  await sweep(options, shuffled(options.ports.filter((port) => !likely.has(port))), pace, states);
  const silent = [...states].flatMap(([port, state]) => (state === 'filtered' ? [port] : []));
  // A lost packet looks like a filter. Where only few are silent it is cheap to be sure.
  if (silent.length > 0 && silent.length <= ASK_AGAIN && silent.length < options.ports.length)
    await sweep(options, silent, pace, states);
  return states;
}

/** Remembers how long answers take, so that silence is noticed early on a fast network. */
class Pace {
  readonly #longest: number;
  #slowest = 0;
  #answers = 0;

  constructor(longest: number) {
    this.#longest = longest;
  }

  answered(ms: number): void {
    this.#answers += 1;
    this.#slowest = Math.max(this.#slowest, ms);
  }

  get timeoutMs(): number {
    if (this.#answers === 0) return this.#longest;
    return Math.min(this.#longest, Math.max(SHORTEST_MS, this.#slowest * 8));
  }
}

async function sweep(
  options: ScanOptions,
  ports: readonly number[],
  pace: Pace,
  states: Map<number, PortState>,
): Promise<void> {
  const { signal } = options;
  const started = performance.now();
  let next = 0;
  let limit = options.concurrency;
  let running = 0;
  await new Promise<void>((resolve, reject) => {
    const sockets = new Set<Socket>();
    const onAbort = () => {
      for (const socket of sockets) socket.destroy();
      reject(signal.reason);
    };
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    let waiting = false;
    const again: number[] = [];
    const more = (): void => {
      if (signal.aborted) return;
      if (next >= ports.length && again.length === 0 && running === 0) {
        signal.removeEventListener('abort', onAbort);
        resolve();
        return;
      }
      while (running < limit && (again.length > 0 || next < ports.length)) {
        const allowed = ((performance.now() - started) / 1_000) * options.perSecond + Math.min(64, options.perSecond);
        if (next > allowed) {
          if (!waiting) {
            waiting = true;
            void wait(10).then(() => {
              waiting = false;
              more();
            });
          }
          return;
        }
        const port = again.pop() ?? ports[next++];
        if (port === undefined) return;
        running += 1;
        options.onConnection?.(1);
        void ask(options.address, port, pace, sockets).then((state) => {
          running -= 1;
          if (state === 'ours') {
            limit = Math.max(16, Math.floor(limit / 2));
            again.push(port);
            void wait(50).then(more);
            return;
          }
          states.set(port, state);
          more();
        });
      }
    };
    more();
  });
}

function ask(host: string, port: number, pace: Pace, sockets: Set<Socket>): Promise<PortState | 'ours'> {
  return new Promise((resolve) => {
    const began = performance.now();
    const socket = connect({ host, port, noDelay: true });
    const say = (state: PortState | 'ours') => {
      clearTimeout(timer);
      sockets.delete(socket);
      socket.destroy();
      resolve(state);
    };
    sockets.add(socket);
    const timer = setTimeout(() => say('filtered'), pace.timeoutMs);
    socket.once('close', () => say('filtered'));
    socket.once('connect', () => {
      pace.answered(performance.now() - began);
      say('open');
    });
    socket.on('error', (error) => {
      const code = 'code' in error ? String(error.code) : '';
      if (code === 'ECONNREFUSED' || code === 'ECONNRESET') pace.answered(performance.now() - began);
      say(OURS.has(code) ? 'ours' : code === 'ECONNREFUSED' || code === 'ECONNRESET' ? 'refused' : 'filtered');
    });
  });
}

/** The same order for the same list: steps by a number that has no divisor in common with the length. */
function shuffled(ports: readonly number[]): number[] {
  const { length } = ports;
  let step = Math.max(1, Math.floor(length * 0.618));
  while (length > 1 && gcd(step, length) !== 1) step += 1;
  return ports.map((_, at) => ports[(at * step) % length] ?? 0);
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
