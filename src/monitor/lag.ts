const SAMPLE_MS = 50;
/** Longest look back: no timeout of a monitor is longer. */
const KEPT_MS = 310_000;

/** Watches how late our own timers come. */
export interface LagMeter {
  /** Longest delay since the monotonic instant, ms. */
  since(from: number): number;
  stop(): void;
}

export function startLagMeter(clock: () => number): LagMeter {
  // Only notable delays are kept; a calm process keeps none.
  let late: { at: number; ms: number }[] = [];
  let expected = clock() + SAMPLE_MS;
  const timer = setInterval(() => {
    const at = clock();
    const ms = at - expected;
    if (ms > SAMPLE_MS) late.push({ at, ms });
    if (late[0] && late[0].at < at - KEPT_MS) late = late.filter((one) => one.at >= at - KEPT_MS);
    expected = at + SAMPLE_MS;
  }, SAMPLE_MS);
  timer.unref();
  return {
    // The delay that goes on right now has not been sampled yet.
    since: (from) =>
      late.reduce((worst, one) => (one.at >= from ? Math.max(worst, one.ms) : worst), clock() - expected),
    stop: () => clearInterval(timer),
  };
}
