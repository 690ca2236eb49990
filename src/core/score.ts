import { CATEGORIES, type Category } from './category.ts';
import { byCheck, type Finding, worstStatus } from './finding.ts';
import { compareSeverity, type Severity, worstSeverity } from './severity.ts';

/** Stored with every score, so that a change of the rules shows as such and not as a change of the target. */
export const SCORE_ALGORITHM = 1;

/** What a check weighs, by severity. `info` is reported and never scored. */
const WEIGHTS: Record<Severity, number> = { critical: 16, high: 8, medium: 4, low: 2, info: 0 };

const GRADES = [
  ['A+', 97],
  ['A', 92],
  ['A-', 88],
  ['B+', 84],
  ['B', 80],
  ['B-', 76],
  ['C+', 72],
  ['C', 68],
  ['C-', 64],
  ['D+', 60],
  ['D', 56],
  ['D-', 52],
  ['F', 0],
] as const;
export type Grade = (typeof GRADES)[number][0];

/** Highest score that a target with a failing critical check can have: a D. */
const CRITICAL_CAP = 59;
/** With a failing check of high severity there is no A. */
const HIGH_CAP = 87;

export interface Score {
  /** 0 to 100, whole; `null` where nothing at all could be judged. */
  score: number | null;
  /** `null` where less than half could be looked at. */
  grade: Grade | null;
  /** Share, by weight, of what should have been judged that was judged; 0 to 1, two decimals, rounded down. */
  coverage: number;
  /** Id of the failing check that holds the score down, where one does. */
  cappedBy: string | null;
}

/** The severity that a check has where nothing milder is said of a finding; `undefined` where that is not known. */
export type OwnSeverity = (check: string) => Severity | undefined;

export function gradeOf(score: number): Grade {
  return GRADES.find(([, least]) => score >= least)?.[0] ?? 'F';
}

/**
 * Score of a set of findings. A check counts once, with its worst finding: it earns its weight when it passes, the
 * difference when it fails with less than its own severity, nothing when it fails outright. `unknown` lowers the
 * coverage, `waived` and `not-applicable` count for nothing.
 */
export function scoreOf(findings: readonly Finding[], own: OwnSeverity = () => undefined): Score {
  let earned = 0;
  let judged = 0;
  let asked = 0;
  let unknowns = 0;
  let cap: { check: string; limit: number } | null = null;
  for (const [check, group] of byCheck(findings)) {
    const status = worstStatus(group.map((finding) => finding.status));
    const found = group.map((finding) => finding.severity).reduce(worstSeverity);
    const weight = WEIGHTS[worstSeverity(found, own(check) ?? found)];
    if (status === 'unknown') {
      asked += weight;
      unknowns += 1;
    }
    if (status !== 'pass' && status !== 'fail') continue;
    asked += weight;
    judged += weight;
    if (status === 'pass') {
      earned += weight;
      continue;
    }
    const worst = group
      .filter((finding) => finding.status === 'fail')
      .map((finding) => finding.severity)
      .sort(compareSeverity)[0];
    if (worst === undefined) continue;
    earned += weight - WEIGHTS[worst];
    const limit = worst === 'critical' ? CRITICAL_CAP : worst === 'high' ? HIGH_CAP : 100;
    if (limit < (cap?.limit ?? 100)) cap = { check, limit };
  }
  const coverage = asked === 0 ? (unknowns === 0 ? 1 : 0) : Math.floor((judged / asked) * 100) / 100;
  if (judged === 0) return { score: null, grade: null, coverage, cappedBy: null };
  const raw = Math.round((earned / judged) * 100);
  const score = Math.min(raw, cap?.limit ?? 100);
  return {
    score,
    grade: coverage < 0.5 ? null : gradeOf(score),
    coverage,
    cappedBy: cap && raw > cap.limit ? cap.check : null,
  };
}

/** Scores of the categories that have findings, in catalogue order. */
export function scoreCategories(findings: readonly Finding[], own?: OwnSeverity): (Score & { id: Category })[] {
  return CATEGORIES.filter((id) => findings.some((finding) => finding.category === id)).map((id) => ({
    id,
    ...scoreOf(
      findings.filter((finding) => finding.category === id),
      own,
    ),
  }));
}
