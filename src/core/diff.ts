import type { Finding, Status } from './finding.ts';
import type { Severity } from './severity.ts';

/** What is remembered of a finding: enough to say later whether it is the same one. */
export interface Known {
  target: string;
  check: string;
  fingerprint: string;
  status: Status;
  severity: Severity;
  subject: string;
}

/** A finding with the target that it is about. */
export interface Placed {
  target: string;
  finding: Finding;
}

/** Two looks at the same targets, compared by fingerprint. Every present failure is in exactly one of `opened`, `worse`, `same`. */
export interface Diff {
  opened: Placed[];
  /** Failed before, with less severity. */
  worse: { before: Known; now: Placed }[];
  same: Placed[];
  /** Failed before, and its check has now come to a verdict in which it does not. */
  closed: { before: Known; now: Placed | undefined }[];
  /** Something that had a verdict cannot be looked at any more. */
  lost: Placed[];
}

/**
 * Compares. What was not asked this time (another target, a check left out) is in none of the lists: silence is no
 * recovery. A failure whose check can no longer look is lost, not closed.
 */
export function diff(
  before: readonly Known[],
  now: readonly Placed[],
  worseThan: (a: Severity, b: Severity) => boolean,
): Diff {
  const key = (target: string, check: string) => `${target}\0${check}`;
  const known = new Map(before.map((one) => [`${one.target}\0${one.fingerprint}`, one]));
  const judged = new Set(before.filter((one) => one.status !== 'unknown').map((one) => key(one.target, one.check)));
  const unknownBefore = new Set(
    before.filter((one) => one.status === 'unknown').map((one) => `${one.target}\0${one.fingerprint}`),
  );
  const result: Diff = { opened: [], worse: [], same: [], closed: [], lost: [] };
  const present = new Map<string, Placed>();
  const blind = new Set<string>();
  const asked = new Set<string>();

  for (const placed of now) {
    const { target, finding } = placed;
    const id = `${target}\0${finding.fingerprint}`;
    present.set(id, placed);
    asked.add(key(target, finding.check));
    if (finding.status === 'unknown') {
      blind.add(key(target, finding.check));
      if (judged.has(key(target, finding.check)) && !unknownBefore.has(id)) result.lost.push(placed);
    }
    if (finding.status !== 'fail') continue;
    const earlier = known.get(id);
    if (earlier?.status !== 'fail') result.opened.push(placed);
    else if (worseThan(finding.severity, earlier.severity)) result.worse.push({ before: earlier, now: placed });
    else result.same.push(placed);
  }

  for (const one of before) {
    if (one.status !== 'fail' || !asked.has(key(one.target, one.check))) continue;
    const placed = present.get(`${one.target}\0${one.fingerprint}`);
    const status = placed?.finding.status;
    if (status === 'fail' || status === 'waived' || status === 'unknown') continue;
    if (placed === undefined && blind.has(key(one.target, one.check))) continue;
    result.closed.push({ before: one, now: placed });
  }
  return result;
}
