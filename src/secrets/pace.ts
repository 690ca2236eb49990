import { setImmediate } from 'node:timers/promises';

const TURN_MS = 25;

/** Lets others have the event loop again and again during long work. Throws the reason once the signal is aborted. */
export function createPace(signal: AbortSignal): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < TURN_MS) return;
    await setImmediate();
    since = performance.now();
    signal.throwIfAborted();
  };
}
