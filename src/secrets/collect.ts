import type { Leak, LeakPlace } from '../core/facts/leaks.ts';
import { compareSeverity } from '../core/severity.ts';
import type { Scanner } from './engine.ts';
import { createExamine, type Examined, type Found } from './examine.ts';
import { redact } from './redact.ts';

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

/** Where a content lies. */
export type ContentPlace = Omit<LeakPlace, 'line' | 'ignored'>;

/** Whether any line from `first` to `last` (from 1, both included) is among those that are asked for. */
export type TouchesLines = (first: number, last: number) => boolean;

/** Gathers leaks over many contents: the same secret is one leak with several places. */
export interface LeakCollector {
  /** Scans one content, found at `place`, and says what it holds. With `lines` only what touches those lines of a text counts. */
  add(bytes: Buffer, place: ContentPlace, lines?: TouchesLines): Sighting[];
  /** The same for content that was examined already, in another thread. */
  merge(examined: Examined, place: ContentPlace): Sighting[];
  /** A path as it may be shown: without the secret that it may hold itself. */
  named(file: string): string;
  /** Says that something was not read, or not to its end. */
  miss(file: string, reason: string): void;
  result(): Collected;
}

export function createCollector(scanner: Scanner, key?: string): LeakCollector {
  const examine = createExamine(scanner, key);
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

  const names = new Map<string, string>();
  function nameOf(file: string): string {
    const known = names.get(file);
    if (known !== undefined) return known;
    const name = named(file);
    if (names.size > 10_000) names.clear();
    names.set(file, name);
    return name;
  }

  function miss(file: string, reason: string): void {
    unscannedCount += 1;
    if (unscanned.length < MAX_UNSCANNED) unscanned.push({ file: named(file), reason });
  }

  function merge(examined: Examined, place: ContentPlace): Sighting[] {
    scanned.files += 1;
    scanned.bytes += examined.bytes;
    if (examined.binary) scanned.binary += 1;
    for (const reason of examined.missed) miss(place.file, reason);
    if (examined.found.length === 0) return [];
    const sightings: Sighting[] = [];
    for (const { line, lastLine: _, within = '', ignored, ...leak } of examined.found) {
      const seenAt: LeakPlace = { ...place, file: nameOf(place.file + within) };
      if (line !== undefined) seenAt.line = line;
      if (ignored !== undefined) seenAt.ignored = ignored;
      sightings.push({ fingerprint: leak.fingerprint, place: seenAt });
      const known = leaks.get(leak.fingerprint);
      if (known) {
        known.count += 1;
        if (known.places.length < MAX_PLACES) known.places.push(seenAt);
        known.doubtful &&= leak.doubtful;
        continue;
      }
      if (leaks.size >= MAX_LEAKS) {
        miss(place.file, `more than ${MAX_LEAKS} different leaks were found; the rest is not listed`);
        return sightings;
      }
      leaks.set(leak.fingerprint, { ...leak, count: 1, places: [seenAt] });
    }
    return sightings;
  }

  return {
    named,
    miss,
    merge,
    add(bytes, place, lines) {
      const examined = examine(bytes);
      const touches = ({ line, lastLine }: Found) => !lines || line === undefined || lines(line, lastLine ?? line);
      return merge({ ...examined, found: examined.found.filter(touches) }, place);
    },
    result() {
      const sorted = [...leaks.values()].sort(
        (a, b) => compareSeverity(a.severity, b.severity) || (a.fingerprint < b.fingerprint ? -1 : 1),
      );
      return { scanned, unscanned, unscannedCount, leaks: sorted };
    },
  };
}
