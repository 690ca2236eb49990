import type { Check } from '../core/check.ts';
import type { FactBundle } from '../core/facts/bundle.ts';
import type { FactKey } from '../core/facts/index.ts';
import type { TargetReport } from '../core/report.ts';
import type { Target } from '../core/target.ts';
import { DEFAULT_POLICY, judge, type Policy } from './judge.ts';

/**
 * Judges recorded facts again, without a network. Only checks all of whose facts were asked for at the time are asked
 * now: a check that is newer than the recording has nothing to say about it. Judged for the time of collection.
 */
export function replay(
  target: Target,
  bundle: FactBundle,
  checks: readonly Check[],
  policy: Policy = DEFAULT_POLICY,
): TargetReport {
  const recorded = (key: FactKey) => bundle.facts[key] !== undefined;
  const askable = checks.filter(
    (check) => (check.on === undefined || check.on.includes(target.kind)) && check.needs.every(recorded),
  );
  return judge({ target, bundle, checks: askable, policy, now: bundle.collectedAt });
}
