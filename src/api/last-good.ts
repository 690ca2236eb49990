/** What a page showed last, and when that was true (epoch ms). */
export interface Good<T> {
  value: T;
  at: number;
}

/**
 * Keeps the last good answer of something slow or fragile. Within `freshMs` it is given again without asking; where
 * asking fails, the last one is given however old it is. Rejects only where there never was one.
 */
export function lastGood<T>(
  ask: () => Promise<T>,
  options: { freshMs: number; now(): number },
): () => Promise<Good<T>> {
  let kept: Good<T> | null = null;
  let asking: Promise<Good<T>> | null = null;
  return () => {
    const at = options.now();
    if (kept && at >= kept.at && at - kept.at < options.freshMs) return Promise.resolve(kept);
    asking ??= ask()
      .then(
        (value) => {
          kept = { value, at };
          return kept;
        },
        (thrown: unknown) => {
          if (kept) return kept;
          throw thrown;
        },
      )
      .finally(() => {
        asking = null;
      });
    return asking;
  };
}
