import type { Leak } from '../core/facts/leaks.ts';
import { SEVERITIES, type Severity } from '../core/severity.ts';

/** Directories and names of what is written to be read or to be tested, and of other people's code. */
const ASIDE =
  /(?:^|\/)(?:tests?|__tests__|specs?|testdata|test-data|fixtures?|__fixtures__|mocks?|__mocks__|examples?|samples?|demos?|docs?|cassettes|snapshots|__snapshots__|e2e|vendor|third[-_]party|node_modules)(?:\/|$)|(?:[._-](?:test|tests|spec|example|sample|dist|template|fixture)(?:\.[a-z]+)*|_test\.go|Test\.java)$|\.(?:md|rst|adoc)$/i;

/** Whether a file is one of tests, examples, documents or other people's code: a leak there is less likely a real one. */
export function isAside(file: string): boolean {
  return ASIDE.test(file);
}

/** How bad a leak is: by its kind, and less where it only looks like one or stands only in tests or examples. */
export function leakSeverity(leak: Leak, stepsDown = 0, aside = true): Severity {
  let steps = stepsDown;
  if (aside && leak.places.every((place) => isAside(place.file))) steps += 2;
  if (leak.doubtful) steps += 3;
  const worst = SEVERITIES.indexOf(leak.severity);
  // Never `info`, which is not scored: what is certainly nothing is not found in the first place.
  return SEVERITIES[Math.min(worst + steps, SEVERITIES.indexOf('low'))] ?? 'low';
}

/** The entry of `.seaworthyignore` that accepts a leak at `now`; one whose day is over does not. */
export function acceptance(
  leak: Leak,
  accepted: readonly { fingerprint: string; owner: string; until: string; reason: string }[],
  now: number,
): { state: 'accepted' | 'expired'; owner: string; until: string; reason: string } | null {
  const DAY_MS = 86_400_000;
  const entries = accepted.filter((entry) => entry.fingerprint === leak.fingerprint);
  const valid = entries.find((entry) => now < Date.parse(entry.until) + DAY_MS);
  if (valid) return { state: 'accepted', ...valid };
  const [expired] = entries;
  return expired ? { state: 'expired', ...expired } : null;
}
