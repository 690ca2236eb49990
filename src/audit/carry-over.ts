import type { FactBundle } from '../core/facts/bundle.ts';
import type { FactKey } from '../core/facts/index.ts';
import type { Probe } from '../probes/probe.ts';

type Facts = FactBundle['facts'];
type Plan = ReadonlyMap<Probe, ReadonlySet<FactKey>>;

/** What the last audit of a target saw; `null` where this is its first. */
export type Earlier = Facts | null;

/**
 * Splits off what needs no new look: facts that are slow to collect have a timetable of their own (`Probe.slow`), between
 * which the last one is taken over, with the time when it was collected. The first audit does without them, so that a new
 * target has its scorecard soon. A search that ran into its time limit is not started again before its time either.
 */
export function carryOver(plan: Plan, earlier: Earlier, now: number): { plan: Plan; carried: Facts } {
  const carried: Record<string, unknown> = {};
  const left = new Map<Probe, Set<FactKey>>();
  for (const [probe, keys] of plan) {
    const wanted = new Set(keys);
    for (const key of probe.slow?.keys ?? []) {
      if (!wanted.has(key)) continue;
      const last = earlier?.[key];
      const fresh = last !== undefined && now - last.at < (probe.slow?.everyMs ?? 0);
      if (earlier === null) {
        carried[key] = {
          ok: false,
          absence: { kind: 'timeout', reason: 'it takes long, so it is left for the audit after the first' },
          at: 0,
          ms: 0,
        };
      } else if (fresh && (last.ok || last.absence.kind === 'timeout')) carried[key] = last;
      if (key in carried) wanted.delete(key);
    }
    if (wanted.size > 0) left.set(probe, wanted);
  }
  return { plan: left, carried: carried as Facts };
}
