import { exposureTableOf } from '../analysis/exposure-table.ts';
import { withForecasts } from '../analysis/lockout-advice.ts';
import type { Check } from '../core/check.ts';
import { type CheckSettings, evaluate } from '../core/evaluate.ts';
import type { FactBundle } from '../core/facts/bundle.ts';
import type { Finding } from '../core/finding.ts';
import type { TargetReport } from '../core/report.ts';
import { type Score, scoreCategories, scoreOf } from '../core/score.ts';
import type { Severity } from '../core/severity.ts';
import type { Target } from '../core/target.ts';
import { applyWaivers, type Waiver } from '../core/waiver.ts';

/** What the configuration says about the checks of each target. */
export interface Policy {
  settings(target: Target, check: Check): CheckSettings;
  waivers: readonly Waiver[];
}

/** Every check with its default options, nothing waived: the policy of an audit without a configuration. */
export const DEFAULT_POLICY: Policy = {
  settings: (_target, check) => ({ enabled: true, options: check.options.parse({}) }),
  waivers: [],
};

export interface JudgeInput {
  target: Target;
  bundle: FactBundle;
  checks: readonly Check[];
  policy: Policy;
  /** Epoch ms that the verdicts are given for: the time of collection for a replay. */
  now: number;
  onCrash?: ((check: Check, thrown: unknown) => void) | undefined;
}

/** Facts to scorecard: evaluate, waive, score. Pure, so that recorded facts give the same report again. */
export function judge(input: JudgeInput): TargetReport {
  const { target, bundle, policy, now } = input;
  const judged = evaluate({ ...input, settings: (check) => policy.settings(target, check) });
  const findings = applyWaivers(withForecasts(judged, target, bundle.facts), policy.waivers, target.id, now);
  const exposure = exposureTableOf(target, bundle.facts);
  return {
    id: target.id,
    kind: target.kind,
    name: target.name,
    ...scored(target, findings, input.checks, policy),
    ...(exposure ? { exposure } : {}),
  };
}

/** Findings with the scores that they give a target. */
export function scored(
  target: Target,
  findings: Finding[],
  checks: readonly Check[],
  policy: Policy,
): Score & Pick<TargetReport, 'categories' | 'findings'> {
  const severities = new Map<string, Severity>(
    checks.map((check) => [check.id, policy.settings(target, check).severity ?? check.severity]),
  );
  const own = (check: string) => severities.get(check);
  return { ...scoreOf(findings, own), categories: scoreCategories(findings, own), findings };
}
