/** How long work has, after the abort, to say what it was waiting for. */
const GRACE_MS = 1_000;

/** The work's own answer, or, when it does not heed the signal, the reason of the abort a moment later. */
export async function settle<T>(work: Promise<T>, signal: AbortSignal, graceMs = GRACE_MS): Promise<T> {
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    let grace: NodeJS.Timeout | undefined;
    const onAbort = () => {
      grace = setTimeout(() => reject(signal.reason), graceMs);
    };
    stop = () => {
      clearTimeout(grace);
      signal.removeEventListener('abort', onAbort);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    stop();
  }
}
