/** How long a message is tried. */
export interface RetryRule {
  baseMs: number;
  maxMs: number;
  /** Counted from when the message was written. */
  giveUpAfterMs: number;
}

/** A second, doubling to five minutes, for a day. */
export const STANDARD_RETRY: RetryRule = { baseMs: 1_000, maxMs: 300_000, giveUpAfterMs: 86_400_000 };

/** Wait after attempt `attempt` (from 1). Between half of the step and all of it, so that many do not come back at once. */
export function backOffMs(rule: RetryRule, attempt: number, random: number): number {
  const step = Math.min(rule.maxMs, rule.baseMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(step / 2 + (random * step) / 2);
}
