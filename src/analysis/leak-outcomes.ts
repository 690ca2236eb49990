import type { Leak, LeakPlace } from '../core/facts/leaks.ts';
import { leakIdentity } from '../core/leak-identity.ts';
import { fail, type Outcome, unknown } from '../core/outcome.ts';
import type { Severity } from '../core/severity.ts';
import { acceptance, isAside, leakSeverity } from './leak-severity.ts';

interface Looked {
  unscanned: readonly { file: string; reason: string }[];
  unscannedCount: number;
  accepted: readonly { fingerprint: string; owner: string; until: string; reason: string }[];
  ignoreProblems: readonly { line: number; problem: string }[];
}

/** `commit:file:line`, as far as known. */
export function placeOf(place: LeakPlace): string {
  return [place.commit?.slice(0, 12), place.file, place.line].filter((part) => part !== undefined).join(':');
}

/**
 * The failure of one leak, or `null` where somebody has accepted it. One leak is one finding, wherever it was seen: its
 * identity is the fingerprint, so that moved lines and renamed files are no new finding and another secret at the same
 * place is.
 */
export function leakOutcome(
  leak: Leak,
  looked: Looked,
  now: number,
  more: {
    stepsDown?: number;
    note?: string;
    details?: Record<string, unknown>;
    /** `false` where tests and documents are as bad a place as any other. */
    aside?: boolean;
  } = {},
): Outcome | null {
  const open = leak.places.filter((place) => place.ignored === undefined);
  // Places beyond the bound were not kept; that all of them carry the comment is then not known.
  if (open.length === 0 && leak.count <= leak.places.length) return null;
  const known = acceptance(leak, looked.accepted, now);
  if (known?.state === 'accepted') return null;
  const aside = (file: string) => more.aside !== false && isAside(file);
  const place = open.find((one) => !aside(one.file)) ?? open[0] ?? leak.places[0];
  if (!place) return null;
  const severity: Severity = leakSeverity(
    { ...leak, places: open.length > 0 ? open : leak.places },
    more.stepsDown,
    more.aside,
  );
  const notes = [
    leak.count > 1 ? `seen ${leak.count} times` : '',
    leak.doubtful ? 'it looks like an example, or its checksum is wrong' : '',
    aside(place.file) ? 'only in tests, examples, documents or vendored code' : '',
    known ? `${known.owner} accepted it until ${known.until}, which is over` : '',
    more.note ?? '',
  ].filter((note) => note !== '');
  const location = { file: place.file, ...(place.line === undefined ? {} : { line: place.line }) };
  return fail(placeOf(place), [`holds a ${leak.title}`, ...notes].join('; '), {
    severity,
    seen: leak.redacted,
    identity: leakIdentity(leak.fingerprint),
    location: place.commit === undefined ? location : { ...location, commit: place.commit },
    details: { rule: leak.rule, fingerprint: leak.fingerprint, places: leak.places.map(placeOf), ...more.details },
  });
}

/** What was not looked at, as outcomes: a file that was not read to its end may hold anything. */
export function unlooked(looked: Looked): Outcome[] {
  const outcomes: Outcome[] = looked.unscanned.slice(0, 20).map(({ file, reason }) => unknown(file, reason));
  const rest = looked.unscannedCount - outcomes.length;
  if (rest > 0) outcomes.push(unknown(`${rest} more files`, 'not scanned, or not to their end'));
  for (const { line, problem } of looked.ignoreProblems.slice(0, 20)) {
    outcomes.push(unknown(`.seaworthyignore:${line}`, `this line does not count: it ${problem}`));
  }
  return outcomes;
}
