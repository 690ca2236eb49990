import type { Severity } from './severity.ts';

/** Where a finding can be looked at: a file, a line, a commit. */
export interface Location {
  file?: string;
  line?: number;
  commit?: string;
}

interface Evidence {
  /** What was there, verbatim where short, already redacted. */
  seen?: string;
  /** What should have been there. */
  wanted?: string;
  location?: Location;
  /** Machine-readable evidence; its shape is public where the docs name it (docs/report.md). */
  details?: Record<string, unknown>;
  /**
   * What the fingerprint is made of instead of the subject, for subjects that move (`file:line`).
   * Two outcomes of one check on one target with the same identity are the same finding.
   */
  identity?: string;
}

/** What a check says about one subject. `subject` is empty where the check has only one thing to look at. */
export type Outcome =
  | ({ status: 'pass'; subject: string; message: string } & Evidence)
  | ({ status: 'fail'; subject: string; message: string; severity?: Severity; remediation?: string } & Evidence)
  | ({ status: 'unknown'; subject: string; message: string } & Evidence)
  | ({ status: 'not-applicable'; subject: string; message: string } & Evidence);

/** One outcome, or one per subject; an empty list cannot be built, so no check passes by looking at nothing. */
export type Outcomes = Outcome | readonly [Outcome, ...Outcome[]];

/** The good state holds, and why we say so. */
export function pass(message: string, more: Evidence & { subject?: string } = {}): Outcome {
  return { status: 'pass', message, ...more, subject: more.subject ?? '' };
}

/** The good state does not hold for `subject`. `severity` overrides the check's own for this problem. */
export function fail(
  subject: string,
  message: string,
  more: Evidence & { severity?: Severity; remediation?: string } = {},
): Outcome {
  return { status: 'fail', subject, message, ...more };
}

/** We could not look at `subject`, and why. Never a pass. */
export function unknown(subject: string, reason: string, more: Evidence = {}): Outcome {
  return { status: 'unknown', subject, message: reason, ...more };
}

/** The question does not arise here, and why. A perfect state is a `pass`, not this. */
export function notApplicable(message: string, more: Evidence & { subject?: string } = {}): Outcome {
  return { status: 'not-applicable', message, ...more, subject: more.subject ?? '' };
}

/** `outcomes` as a non-empty list, or `otherwise` where there is none: the usual last line of a check with subjects. */
export function outcomesOr(outcomes: readonly Outcome[], otherwise: Outcome): Outcomes {
  const [first, ...rest] = outcomes;
  return first ? [first, ...rest] : otherwise;
}
