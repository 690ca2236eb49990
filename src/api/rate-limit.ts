/** Counts attempts per key. */
export interface RateLimit {
  /** 0 = go ahead (counted); otherwise ms to wait. */
  take(key: string, now: number): number;
}

/** At most `limit` in any `windowMs`. Keys that are many are forgotten oldest first, so that they cannot fill the memory. */
export function createRateLimit(limit: number, windowMs: number, maxKeys = 10_000): RateLimit {
  const attempts = new Map<string, number[]>();
  return {
    take(key, now) {
      const recent = (attempts.get(key) ?? []).filter((at) => at > now - windowMs);
      const [oldest] = recent;
      if (oldest !== undefined && recent.length >= limit) return oldest + windowMs - now;
      attempts.delete(key);
      attempts.set(key, [...recent, now]);
      if (attempts.size > maxKeys) attempts.delete(attempts.keys().next().value ?? '');
      return 0;
    },
  };
}
