import type { HostSshdFacts } from '../core/facts/host-sshd.ts';
import { type Outcome, type Outcomes, outcomesOr, unknown } from '../core/outcome.ts';

/** One place where sshd's settings hold: in general (`subject` is empty), or in one Match block. */
export interface SshdScope {
  subject: string;
  /** First value of a keyword, lower case; `undefined` where this version of sshd does not know it. */
  get(keyword: string): string | undefined;
  /** All values of a keyword, as printed. */
  all(keyword: string): string[];
}

/**
 * Judges what holds in general, and every Match block that changes one of `keywords`. A block that sshd could not be asked
 * about is unknown: it may open what the general part closes.
 */
export function judgeScopes(
  sshd: HostSshdFacts,
  keywords: readonly string[],
  judge: (scope: SshdScope) => Outcome,
): Outcomes {
  const outcomes = [judge(scopeOf('', sshd.effective))];
  for (const match of sshd.matches) {
    const subject = `Match ${match.criteria}`;
    if (match.differs === null) {
      outcomes.push(unknown(subject, `sshd could not be asked about this block (${match.file}:${match.line})`));
    } else if (keywords.some((keyword) => match.differs?.[keyword] !== undefined)) {
      const outcome = judge(scopeOf(subject, { ...sshd.effective, ...match.differs }));
      outcomes.push({ ...outcome, subject, location: { file: match.file, line: match.line } });
    }
  }
  return outcomesOr(outcomes, unknown('', 'sshd told nothing'));
}

function scopeOf(subject: string, settings: Record<string, string[]>): SshdScope {
  return {
    subject,
    get: (keyword) => settings[keyword]?.[0]?.toLowerCase(),
    all: (keyword) => settings[keyword] ?? [],
  };
}

/** The outcome where this sshd does not print a keyword. */
export function notTold(scope: SshdScope, keyword: string): Outcome {
  return unknown(scope.subject, `this version of sshd does not print ${keyword}`);
}

/**
 * A number where 0 means "no limit", as LoginGraceTime and ClientAliveInterval have it: worse than any number, not better.
 * `null` where it is no number.
 */
export function limitOf(value: string | undefined): number | null {
  if (value === undefined || !/^\d+$/.test(value)) return null;
  return value === '0' ? Number.POSITIVE_INFINITY : Number(value);
}
