import type { Beat, BeatRollup } from './monitor.ts';

/** Widths of the sums that are kept: minute, hour, day (UTC). */
export const ROLLUP_WIDTHS_MS = [60_000, 3_600_000, 86_400_000] as const;

/** Sums beats by monitor and by minute, hour and day of the instant they were due. */
export function rollUp(beats: readonly Beat[]): BeatRollup[] {
  const sums = new Map<string, BeatRollup>();
  for (const beat of beats) {
    for (const widthMs of ROLLUP_WIDTHS_MS) {
      const from = Math.floor(beat.scheduledAt / widthMs) * widthMs;
      const key = `${widthMs} ${from} ${beat.monitorId}`;
      const one = rollupOf(beat, from, widthMs);
      const sum = sums.get(key);
      sums.set(key, sum ? addRollups(sum, one) : one);
    }
  }
  return [...sums.values()];
}

/** One look as a sum. */
export function rollupOf(beat: Beat, from: number, widthMs: number): BeatRollup {
  const { monitorId, state, latencyMs, timings } = beat;
  return {
    monitorId,
    from,
    widthMs,
    up: state === 'up' ? 1 : 0,
    down: state === 'down' ? 1 : 0,
    unknown: state === 'unknown' ? 1 : 0,
    latencyCount: latencyMs === null ? 0 : 1,
    latencySum: latencyMs ?? 0,
    latencyMin: latencyMs,
    latencyMax: latencyMs,
    resolveSum: timings?.resolve ?? null,
    connectSum: timings?.connect ?? null,
    tlsSum: timings?.tls ?? null,
    firstByteSum: timings?.firstByte ?? null,
    transferSum: timings?.transfer ?? null,
  };
}

/** The sum of two; monitor, start and width are those of the first. */
export function addRollups(a: BeatRollup, b: BeatRollup): BeatRollup {
  return {
    ...a,
    up: a.up + b.up,
    down: a.down + b.down,
    unknown: a.unknown + b.unknown,
    latencyCount: a.latencyCount + b.latencyCount,
    latencySum: a.latencySum + b.latencySum,
    latencyMin: extreme(Math.min, a.latencyMin, b.latencyMin),
    latencyMax: extreme(Math.max, a.latencyMax, b.latencyMax),
    resolveSum: sum(a.resolveSum, b.resolveSum),
    connectSum: sum(a.connectSum, b.connectSum),
    tlsSum: sum(a.tlsSum, b.tlsSum),
    firstByteSum: sum(a.firstByteSum, b.firstByteSum),
    transferSum: sum(a.transferSum, b.transferSum),
  };
}

function extreme(pick: (a: number, b: number) => number, a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : pick(a, b);
}

function sum(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : a + b;
}
