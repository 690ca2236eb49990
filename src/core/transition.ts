import type { Finding, Status } from './finding.ts';
import type { Severity } from './severity.ts';

/** `gone` = the last audit did not mention it any more. */
export type StandingStatus = Status | 'gone';

/** Where a finding stands after all audits so far. */
export interface Standing {
  fingerprint: string;
  check: string;
  status: StandingStatus;
  severity: Severity;
  /** It failed, and nothing since has shown that it is fixed: being unable to look fixes nothing. */
  failing: boolean;
}

/** One finding's step from before an audit to after it. `finding` is null where the audit did not mention it. */
export interface Transition {
  fingerprint: string;
  from: Standing | null;
  to: Standing;
  finding: Finding | null;
}

export interface TransitionSet {
  all: Transition[];
  /** Began to fail, or fails again. */
  opened: Transition[];
  /** Failed, and is shown to be fixed, waived, or no longer there. */
  closed: Transition[];
  /** Had a verdict and now could not be looked at. */
  lostCoverage: Transition[];
  /** Every other change of status or severity in what was already known. */
  changed: Transition[];
}

/**
 * Compares an audit with where things stood. A `full` audit asked everything, so what it does not mention is gone; a
 * `partial` one speaks only for the checks that it mentions. A finding that is missing while its check could not look
 * at everything goes on failing: an unreachable host has not been repaired.
 */
export function transitions(
  standing: readonly Standing[],
  findings: readonly Finding[],
  scope: 'full' | 'partial' = 'full',
): TransitionSet {
  const before = new Map(standing.map((entry) => [entry.fingerprint, entry]));
  const seen = new Map(findings.map((finding) => [finding.fingerprint, finding]));
  const blind = new Set<string>();
  const mentioned = new Set<string>();
  for (const finding of seen.values()) {
    mentioned.add(finding.check);
    if (finding.status === 'unknown') blind.add(finding.check);
  }
  const couldLook = checksWithFullSight(standing);
  const set: TransitionSet = { all: [], opened: [], closed: [], lostCoverage: [], changed: [] };
  for (const finding of seen.values()) {
    const from = before.get(finding.fingerprint) ?? null;
    const failing = finding.status === 'fail' || (finding.status === 'unknown' && (from?.failing ?? false));
    const { fingerprint, check, status, severity } = finding;
    const to: Standing = { fingerprint, check, status, severity, failing };
    if (from && from.status === status && from.severity === severity && from.failing === failing) continue;
    sort(set, { fingerprint, from, to, finding }, couldLook);
  }
  for (const from of before.values()) {
    if (seen.has(from.fingerprint)) continue;
    if (scope === 'partial' && !mentioned.has(from.check)) continue;
    const to: Standing = { ...from, status: 'gone', failing: from.failing && blind.has(from.check) };
    if (from.status === 'gone' && from.failing === to.failing) continue;
    sort(set, { fingerprint: from.fingerprint, from, to, finding: null }, couldLook);
  }
  return set;
}

/** Checks whose last findings held a verdict on everything. */
function checksWithFullSight(standing: readonly Standing[]): Set<string> {
  const present = standing.filter((entry) => entry.status !== 'gone');
  const checks = new Set(present.map((entry) => entry.check));
  for (const entry of present) if (entry.status === 'unknown') checks.delete(entry.check);
  return checks;
}

function sort(set: TransitionSet, transition: Transition, couldLook: ReadonlySet<string>): void {
  const { from, to } = transition;
  const wasThere = from !== null && from.status !== 'gone';
  set.all.push(transition);
  if (to.failing && !from?.failing) set.opened.push(transition);
  else if (from?.failing && !to.failing) set.closed.push(transition);
  if (to.status === 'unknown') {
    if (wasThere ? from.status !== 'unknown' : couldLook.has(to.check)) set.lostCoverage.push(transition);
  } else if (wasThere && to.status !== 'gone' && from.failing === to.failing) set.changed.push(transition);
}
