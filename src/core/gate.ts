import { z } from 'zod';
import type { Baseline } from './baseline.ts';
import { diff, type Known, type Placed } from './diff.ts';
import { type Finding, findingSchema } from './finding.ts';
import { leakTwins } from './leak-identity.ts';
import type { AuditReport } from './report.ts';
import { compareSeverity, reaches, type Severity } from './severity.ts';
import { expiredWaivers, type Waiver, waiverSchema } from './waiver.ts';

const placedFinding = findingSchema.extend({ target: z.string() });

/** The gate's answer. Public: `seaworthy gate --format json` and `POST /gate`. */
export const gateReportSchema = z.object({
  schemaVersion: z.literal(1),
  verdict: z.enum(['pass', 'fail', 'could-not-look']),
  regressions: z.array(placedFinding),
  lostCoverage: z.array(placedFinding),
  fixed: z.array(placedFinding),
  /** New failures that are milder than `failOn`: they stop nothing, and they are not known either. */
  tolerated: z.array(placedFinding),
  existing: z.array(placedFinding),
  waived: z.array(placedFinding),
  expiredWaivers: z.array(waiverSchema),
  score: z.object({ before: z.number().nullable(), after: z.number().nullable() }),
  reasons: z.array(z.string()),
});
export type GateReport = z.infer<typeof gateReportSchema>;
export type GateFinding = GateReport['regressions'][number];

export interface GatePolicy {
  /** Only new failures at this severity or worse stop the gate. */
  failOn: Severity | 'none';
  /** Lowest score that each target may have. */
  minScore?: number | undefined;
  /** Most findings that may be unknown. */
  maxUnknown?: number | undefined;
  /** For naming those that have run out. */
  waivers: readonly Waiver[];
  /** Epoch ms. */
  now: number;
}

/**
 * Compares an audit with a baseline. A regression is a failure that the baseline does not have (or had with less
 * severity), or something that was seen then and cannot be seen now; each at `failOn` or worse. Without a baseline every
 * failure is one.
 */
export function gate(report: AuditReport, baseline: Baseline | null, policy: GatePolicy): GateReport {
  const placed: Placed[] = report.targets.flatMap((target) =>
    target.findings.map((finding) => ({ target: target.id, finding })),
  );
  const change = diff(baseline?.findings ?? [], placed, (a, b) => compareSeverity(a, b) < 0);
  const stops = ({ finding }: Placed) => reaches(finding.severity, policy.failOn);
  const known = new Map((baseline?.findings ?? []).map((one) => [`${one.target}\0${one.fingerprint}`, one]));
  // Deleted but still in the history, or back from there: known by the other check's name, and not worse than it was.
  const isTwin = ({ target, finding }: Placed) =>
    leakTwins(finding, target).some((twin) => {
      const before = known.get(`${target}\0${twin}`);
      return before?.status === 'fail' && compareSeverity(before.severity, finding.severity) <= 0;
    });
  const risen = [...change.opened, ...change.worse.map(({ now }) => now)];
  const fresh = risen.filter((one) => !isTwin(one));
  const regressions = fresh.filter(stops);
  const unknown = placed.filter(({ finding }) => finding.status === 'unknown');
  const seen = placed.filter(({ finding }) => ['pass', 'fail', 'waived'].includes(finding.status));
  const blind = seen.length === 0 && unknown.length > 0;
  const expired = report.targets.flatMap((target) =>
    expiredWaivers(target.findings, policy.waivers, target.id, policy.now),
  );
  const lostStops = change.lost.filter(stops);

  const failures: string[] = [];
  if (regressions.length > 0) failures.push(`${count(regressions.length, 'new failure')} at ${policy.failOn} or worse`);
  if (lostStops.length > 0 && !blind) {
    failures.push(`${count(lostStops.length, 'finding')} at ${policy.failOn} or worse can no longer be looked at`);
  }
  for (const target of report.targets) {
    if (policy.minScore === undefined || blind) continue;
    if (target.score === null) failures.push(`${target.id} has no score, at least ${policy.minScore} is asked for`);
    else if (target.score < policy.minScore) {
      failures.push(`${target.id} scores ${target.score}, at least ${policy.minScore} is asked for`);
    }
  }
  const gaps: string[] = [];
  if (blind) gaps.push('nothing could be looked at');
  if (placed.length === 0) gaps.push('nothing was asked');
  if (policy.maxUnknown !== undefined && unknown.length > policy.maxUnknown) {
    gaps.push(`${count(unknown.length, 'finding')} unknown, at most ${policy.maxUnknown} allowed`);
  }
  const notes = expired.map((waiver) => `the waiver of ${waiver.check} ran out on ${waiver.until} (${waiver.owner})`);

  const titles = new Map(placed.map(({ finding }) => [finding.check, finding]));
  return {
    schemaVersion: 1,
    verdict: failures.length > 0 ? 'fail' : gaps.length > 0 ? 'could-not-look' : 'pass',
    regressions: regressions.map(flat),
    lostCoverage: change.lost.map(flat),
    fixed: change.closed.map(({ before, now }) => (now ? flat(now) : remembered(before, titles.get(before.check)))),
    tolerated: fresh.filter((one) => !stops(one)).map(flat),
    existing: [...change.same, ...risen.filter(isTwin)].map(flat),
    waived: placed.filter(({ finding }) => finding.status === 'waived').map(flat),
    expiredWaivers: expired,
    score: {
      before: mean(report.targets.map(({ id }) => baseline?.scores[id] ?? null)),
      after: mean(report.targets.map(({ score }) => score)),
    },
    reasons: [...failures, ...gaps, ...notes],
  };
}

function flat({ target, finding }: Placed): GateFinding {
  return { target, ...finding };
}

/** A finding that is gone, from what the baseline remembers and what its check says of itself now. */
function remembered(known: Known, sibling: Finding | undefined): GateFinding {
  return {
    target: known.target,
    fingerprint: known.fingerprint,
    check: known.check,
    category: sibling?.category ?? 'readiness',
    title: sibling?.title ?? known.check,
    status: 'pass',
    severity: known.severity,
    subject: known.subject,
    message: 'no longer found',
    references: sibling?.references ?? [],
    waiver: null,
  };
}

function mean(scores: readonly (number | null)[]): number | null {
  const known = scores.filter((score): score is number => score !== null);
  return known.length === 0 ? null : Math.round(known.reduce((sum, score) => sum + score, 0) / known.length);
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
