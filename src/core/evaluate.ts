import type { Check } from './check.ts';
import type { Absence } from './collected.ts';
import { reasonOf } from './error.ts';
import type { FactBundle } from './facts/bundle.ts';
import type { FactKey, FactMap } from './facts/index.ts';
import { type Finding, fingerprint } from './finding.ts';
import { notApplicable, type Outcome, unknown } from './outcome.ts';
import type { Severity } from './severity.ts';
import type { Target } from './target.ts';

/** What the configuration says about one check for one target. */
export interface CheckSettings {
  enabled: boolean;
  /** Replaces the severity of every failure of this check. */
  severity?: Severity;
  /** Already parsed by the check's own schema. */
  options: unknown;
}

export interface EvaluateInput {
  target: Target;
  bundle: FactBundle;
  checks: readonly Check[];
  settings(check: Check): CheckSettings;
  /** Epoch ms. */
  now: number;
  /** Told about a check that threw, so that the bug can be reported; the finding is `unknown` all the same. */
  onCrash?(check: Check, thrown: unknown): void;
}

/** Judges a bundle: every check whose facts were asked for gives at least one finding. Pure but for `onCrash`. */
export function evaluate(input: EvaluateInput): Finding[] {
  const findings: Finding[] = [];
  for (const check of input.checks) {
    const settings = input.settings(check);
    if (!settings.enabled) continue;
    findings.push(...toFindings(check, settings, input.target.id, judge(check, settings, input)));
  }
  return findings;
}

function judge(check: Check, settings: CheckSettings, input: EvaluateInput): readonly Outcome[] {
  const facts: Partial<FactMap> = {};
  for (const key of check.needs) {
    const collected = input.bundle.facts[key];
    if (!collected) return [unknown('', `the fact "${key}" was not collected`)];
    if (!collected.ok) return [absent(key, collected.absence)];
    Object.assign(facts, { [key]: collected.value });
  }
  for (const key of check.wants) {
    const collected = input.bundle.facts[key];
    if (collected?.ok) Object.assign(facts, { [key]: collected.value });
  }
  try {
    const outcomes = check.evaluate(facts, { now: input.now, options: settings.options, target: input.target });
    return Array.isArray(outcomes) ? outcomes : [outcomes as Outcome];
  } catch (thrown) {
    input.onCrash?.(check, thrown);
    return [unknown('', `this check failed on the facts it was given: ${reasonOf(thrown)}`)];
  }
}

/** The outcome of every check that needed a fact which is missing. */
function absent(key: FactKey, absence: Absence): Outcome {
  if (absence.kind === 'not-applicable') return notApplicable(absence.reason);
  return unknown('', `could not look: ${absence.reason}`, { details: { fact: key, absence: absence.kind } });
}

function toFindings(check: Check, settings: CheckSettings, targetId: string, outcomes: readonly Outcome[]): Finding[] {
  const severity = settings.severity ?? check.severity;
  const taken = new Map<string, number>();
  return outcomes.map((outcome) => {
    const identity = outcome.identity ?? outcome.subject;
    const repeat = taken.get(identity) ?? 0;
    taken.set(identity, repeat + 1);
    const { status, subject, message, seen, wanted, location, details } = outcome;
    return {
      // Two outcomes with one identity are told apart by their place in the list, so that no finding hides another.
      fingerprint: fingerprint(check.id, targetId, repeat === 0 ? identity : `${identity}#${repeat}`),
      check: check.id,
      category: check.category,
      title: check.title,
      status,
      severity:
        outcome.status === 'fail' && settings.severity === undefined ? (outcome.severity ?? severity) : severity,
      subject,
      message,
      ...(seen === undefined ? {} : { seen }),
      ...(wanted === undefined ? {} : { wanted }),
      ...(outcome.status === 'fail' ? { remediation: outcome.remediation ?? check.remediation } : {}),
      references: [...check.references],
      ...(location === undefined ? {} : { location }),
      ...(details === undefined ? {} : { details }),
      waiver: null,
    };
  });
}
