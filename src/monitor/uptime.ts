import type { BeatState } from '../core/monitor.ts';

/** A stretch of time, epoch ms, without its end. */
export interface Span {
  from: number;
  to: number;
}

export interface Change {
  at: number;
  toState: BeatState;
}

/** How a stretch of time was spent; maintenance counts on no side. */
export interface Uptime {
  /** What was asked for, clipped to what can be known: from the first verdict, to now. */
  from: number;
  to: number;
  upMs: number;
  downMs: number;
  unknownMs: number;
  maintenanceMs: number;
  /** up / (up + down); `null` where nothing was seen. */
  uptime: number | null;
  /** (up + down) / (up + down + unknown): how much of it somebody could see. */
  observed: number | null;
}

/** The same time once, in order: overlapping and touching spans become one. */
export function union(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (span.to <= span.from) continue;
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else merged.push({ ...span });
  }
  return merged;
}

/** Ms of `span` that lie in any of `merged`, which is a union. */
function covered(span: Span, merged: readonly Span[]): number {
  let sum = 0;
  for (const one of merged) sum += Math.max(0, Math.min(span.to, one.to) - Math.max(span.from, one.from));
  return sum;
}

/**
 * Sums a range from confirmed changes, in order; the newest before the range says how it began. A monitor that is younger
 * than the range is judged from its first verdict, and nothing is said of the time after `now`.
 */
export function uptimeOf(
  changes: readonly Change[],
  range: Span,
  now: number,
  maintenance: readonly Span[] = [],
): Uptime {
  const to = Math.min(range.to, now);
  const from = Math.min(to, Math.max(range.from, changes[0]?.at ?? to));
  const windows = union(maintenance);
  const sums = { up: 0, down: 0, unknown: 0 };
  changes.forEach((change, index) => {
    const span = { from: Math.max(from, change.at), to: Math.min(to, changes[index + 1]?.at ?? to) };
    if (span.to > span.from) sums[change.toState] += span.to - span.from - covered(span, windows);
  });
  const seen = sums.up + sums.down;
  const all = seen + sums.unknown;
  return {
    from,
    to,
    upMs: sums.up,
    downMs: sums.down,
    unknownMs: sums.unknown,
    maintenanceMs: to - from - all,
    uptime: seen === 0 ? null : sums.up / seen,
    observed: all === 0 ? null : seen / all,
  };
}

/**
 * The changes of something that stands on several monitors: down while any is down (two at once lose the time once),
 * unknown while one of them is and none is down. One that is younger counts from its first verdict.
 */
export function together(all: readonly (readonly Change[])[]): Change[] {
  const events = all.flatMap((changes, index) => changes.map((change) => ({ ...change, index })));
  events.sort((a, b) => a.at - b.at);
  const states = new Map<number, BeatState>();
  const joined: Change[] = [];
  for (const { at, toState, index } of events) {
    states.set(index, toState);
    const now = [...states.values()];
    const state = now.includes('down') ? 'down' : now.includes('unknown') ? 'unknown' : 'up';
    if (joined.at(-1)?.at === at) joined.pop();
    if (joined.at(-1)?.toState !== state) joined.push({ at, toState: state });
  }
  return joined;
}
