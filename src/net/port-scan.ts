import { Socket } from 'node:net';

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
  /** How many scans share the two bounds above, this one included; asked anew all the time. */
  sharers?(): number;
  /** Longest wait for an answer; shortened to what the host's own answers have shown to be plenty. */
  timeoutMs: number;
  onConnection?(count: number): void;
}

/** Ports that stay silent are asked once more, unless there are more of them than this, or than this share: then silence is the rule. */
const ASK_AGAIN = { ports: 256, share: 0.05 };
/** Most connections that are begun at once after a pause of our own: more than a queue of the kernel holds would be lost there. */
const MOST_OWED = 1_000;
const SHORTEST_MS = 250;
const TICK_MS = 5;
const REFUSALS = new Set(['ECONNREFUSED', 'ECONNRESET']);
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
  const few = Math.max(ASK_AGAIN.ports, options.ports.length * ASK_AGAIN.share);
  if (silent.length > 0 && silent.length <= few && silent.length < options.ports.length)
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

/** One pass over the ports. One timer for all of them: a timer and a promise per port would cost more than the connect. */
function sweep(
  options: ScanOptions,
  ports: readonly number[],
  pace: Pace,
  states: Map<number, PortState>,
): Promise<void> {
  const { signal } = options;
  return new Promise((resolve, reject) => {
    /** Oldest first. */
    const asked = new Map<number, { socket: Socket; began: number }>();
    const again: number[] = [];
    const burst = Math.min(64, options.perSecond);
    let allowed = burst;
    let counted = performance.now();
    let next = 0;
    let begun = 0;
    let limit = options.concurrency;
    let ended = false;
    const end = (how: () => void) => {
      if (ended) return;
      ended = true;
      clearInterval(timer);
      signal.removeEventListener('abort', onAbort);
      for (const { socket } of asked.values()) socket.destroy();
      how();
    };
    const onAbort = () => end(() => reject(signal.reason));
    const settle = (port: number, state: PortState | 'ours') => {
      const one = asked.get(port);
      if (!one || ended) return;
      asked.delete(port);
      one.socket.destroy();
      if (state === 'ours') {
        limit = Math.max(16, Math.floor(limit / 2));
        again.push(port);
        return;
      }
      if (state !== 'filtered') pace.answered(performance.now() - one.began);
      states.set(port, state);
      more();
    };
    const more = () => {
      if (signal.aborted) return;
      if (asked.size === 0 && next >= ports.length && again.length === 0) return end(resolve);
      const sharers = Math.max(1, options.sharers?.() ?? 1);
      const now = performance.now();
      allowed = Math.min(allowed + ((now - counted) / 1_000) * (options.perSecond / sharers), begun + MOST_OWED);
      counted = now;
      const most = Math.max(1, Math.floor(limit / sharers));
      while (asked.size < most && begun < allowed) {
        const port = next < ports.length ? ports[next++] : again.pop();
        if (port === undefined) return;
        begun += 1;
        options.onConnection?.(1);
        asked.set(port, { socket: ask(options.address, port, settle), began: now });
      }
    };
    const giveUp = (oldest: number) => {
      for (const [port, one] of asked) {
        if (one.began > oldest) break;
        settle(port, 'filtered');
      }
      if (!ended) more();
    };
    // Answers that came while this process was busy are read first: between a timer and an immediate lies the network.
    const timer = setInterval(() => setImmediate(giveUp, performance.now() - pace.timeoutMs), TICK_MS);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    more();
  });
}

function ask(host: string, port: number, settle: (port: number, state: PortState | 'ours') => void): Socket {
  const socket = new Socket();
  socket.on('error', (error) => {
    const code = 'code' in error ? String(error.code) : '';
    settle(port, OURS.has(code) ? 'ours' : REFUSALS.has(code) ? 'refused' : 'filtered');
  });
  socket.on('connect', () => {
    // Towards ourselves the kernel may pick the very port that is asked as the source: a connection of nobody.
    const self = socket.localPort === port && socket.localAddress === socket.remoteAddress;
    settle(port, self ? 'refused' : 'open');
  });
  return socket.connect({ host, port, autoSelectFamily: false });
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
