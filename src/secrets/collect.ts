import type { Leak, LeakPlace } from '../core/facts/leaks.ts';
import { compareSeverity } from '../core/severity.ts';
import { readContent } from './decode.ts';
import type { Scanner } from './engine.ts';
import { createFingerprinter, redact } from './redact.ts';

const MAX_PLACES = 20;
const MAX_LEAKS = 5_000;
const MAX_UNSCANNED = 200;

/** What a scan of many contents found, redacted where it was found. */
export interface Collected {
  scanned: { files: number; bytes: number; binary: number };
  unscanned: { file: string; reason: string }[];
  unscannedCount: number;
  leaks: Leak[];
}

/** One secret in one content. */
export interface Sighting {
  fingerprint: string;
  place: LeakPlace;
}

/** Whether any line from `first` to `last` (from 1, both included) is among those that are asked for. */
export type TouchesLines = (first: number, last: number) => boolean;

/** Gathers leaks over many contents: the same secret is one leak with several places. */
export interface LeakCollector {
  /** Scans one content, found at `place`, and says what it holds. With `lines` only what touches those lines of a text counts. */
  add(bytes: Buffer, place: Omit<LeakPlace, 'line' | 'ignored'>, lines?: TouchesLines): Sighting[];
  /** A path as it may be shown: without the secret that it may hold itself. */
  named(file: string): string;
  /** Says that something was not read, or not to its end. */
  miss(file: string, reason: string): void;
  result(): Collected;
}

export function createCollector(scanner: Scanner, key?: string): LeakCollector {
  const fingerprint = createFingerprinter(key);
  const leaks = new Map<string, Leak>();
  const scanned = { files: 0, bytes: 0, binary: 0 };
  const unscanned: Collected['unscanned'] = [];
  let unscannedCount = 0;

  function named(file: string): string {
    let name = file;
    for (const { secret, rule } of scanner.scan(Buffer.from(file, 'latin1'), { formatsOnly: true }).matches) {
      name = name.replaceAll(secret, redact(secret, rule));
    }
    return name;
  }

  function miss(file: string, reason: string): void {
    unscannedCount += 1;
    if (unscanned.length < MAX_UNSCANNED) unscanned.push({ file: named(file), reason });
  }

  return {
    named,
    miss,
    add(bytes, place, lines) {
      const content = readContent(bytes);
      scanned.files += 1;
      scanned.bytes += bytes.length;
      if (content.kind === 'lfs') {
        miss(place.file, 'a Git LFS pointer: the content lies elsewhere');
        return [];
      }
      const binary = content.kind === 'binary';
      if (binary) scanned.binary += 1;
      const { matches, incomplete } = scanner.scan(content.bytes, { formatsOnly: binary });
      if (incomplete !== null) miss(place.file, `not fully scanned: ${incomplete}`);
      const found: Sighting[] = [];
      if (matches.length === 0) return found;
      const file = named(place.file);
      for (const match of matches) {
        if (lines && !binary && !lines(match.line, match.line + lineEnds(content.bytes, match.start, match.end)))
          continue;
        const id = fingerprint(match.secret);
        const seenAt: LeakPlace = { ...place, file };
        if (!binary) seenAt.line = match.line;
        if (match.ignored) seenAt.ignored = match.ignored.reason;
        found.push({ fingerprint: id, place: seenAt });
        const known = leaks.get(id);
        if (known) {
          known.count += 1;
          if (known.places.length < MAX_PLACES) known.places.push(seenAt);
          known.doubtful &&= match.doubtful;
          continue;
        }
        if (leaks.size >= MAX_LEAKS) {
          miss(place.file, `more than ${MAX_LEAKS} different leaks were found; the rest is not listed`);
          return found;
        }
        leaks.set(id, {
          rule: match.rule.id,
          title: match.rule.title,
          severity: match.rule.severity,
          fingerprint: id,
          redacted: redact(match.secret, match.rule),
          doubtful: match.doubtful,
          count: 1,
          places: [seenAt],
        });
      }
      return found;
    },
    result() {
      const sorted = [...leaks.values()].sort(
        (a, b) => compareSeverity(a.severity, b.severity) || (a.fingerprint < b.fingerprint ? -1 : 1),
      );
      return { scanned, unscanned, unscannedCount, leaks: sorted };
    },
  };
}

function lineEnds(bytes: Buffer, start: number, end: number): number {
  let count = 0;
  for (let at = bytes.indexOf(10, start); at !== -1 && at < end; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}
