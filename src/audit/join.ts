import { joinLeaks, type PlacedLeak } from '../analysis/leak-join.ts';
import type { Check } from '../core/check.ts';
import type { TargetReport } from '../core/report.ts';
import type { Target } from '../core/target.ts';
import { type Policy, scored } from './judge.ts';

export interface Judged {
  target: Target;
  report: TargetReport;
}

/**
 * Joins what the targets of a run say of the same secret, with what is known of others (`elsewhere`), and scores again
 * where that changed a severity. A severity that the configuration sets is not changed.
 */
export function joinReports(
  judged: readonly Judged[],
  checks: readonly Check[],
  policy: Policy,
  elsewhere: readonly PlacedLeak[] = [],
): TargetReport[] {
  const placed = judged.flatMap(({ report }) => report.findings.map((finding) => ({ target: report.id, finding })));
  const targets = new Map(judged.map(({ target }) => [target.id, target]));
  const mayRaise = ({ target, finding }: PlacedLeak) => {
    const known = targets.get(target);
    const check = checks.find(({ id }) => id === finding.check);
    return !known || !check || policy.settings(known, check).severity === undefined;
  };
  const joined = joinLeaks(placed, elsewhere, mayRaise);
  let at = 0;
  return judged.map(({ target, report }) => {
    const own = joined.slice(at, at + report.findings.length);
    const changed = own.some(({ finding }, index) => finding !== report.findings[index]);
    at += report.findings.length;
    if (!changed) return report;
    return {
      ...report,
      ...scored(
        target,
        own.map(({ finding }) => finding),
        checks,
        policy,
      ),
    };
  });
}
