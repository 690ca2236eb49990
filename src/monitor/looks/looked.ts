import type { BeatTimings } from '../../core/monitor.ts';
import type { Resolved } from '../resolve.ts';

/** What one look found. `failure` is null when the target is up. */
export interface Looked {
  failure: string | null;
  latencyMs: number;
  timings: BeatTimings;
  /** HTTP status, or what the protocol answers in its place. */
  code: number | null;
}

export interface LookParts {
  /** Addresses of a name, of one family only where it is given. */
  resolve(host: string, family?: 4 | 6): Promise<Resolved>;
  /** Monotonic, ms. */
  clock(): number;
  /** Epoch ms. */
  now(): number;
}

/** The look could not be taken for a reason of ours (a program or a right is missing): neither up nor down. */
export class CannotLookError extends Error {
  override name = 'CannotLookError';
}

export const noTimings = (): BeatTimings => ({
  resolve: null,
  connect: null,
  tls: null,
  firstByte: null,
  transfer: null,
});

/** Waits no longer than the signal allows; what it waited for may end later, unheard. */
export function bounded<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
