import type { BackupCandidate, BackupFacts } from '../core/facts/backup.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Clocks differ a little; more than this ahead is no clock but a wrong date. */
const SKEW_MS = 300_000;
/** A gzip of nothing is 20 bytes; with a long file name in its header it is somewhat more. */
const EMPTY_GZIP_MAX = 60;

/** Earliest and latest instant that a date in a file name can mean: it says no time zone (UTC+14 to UTC-12). */
export interface NamedDate {
  earliest: number;
  latest: number;
}

const DATE =
  /(?<!\d)(20\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?:[-_T. ]?([01]\d|2[0-3])[-_:.h]?([0-5]\d))?(?!\d{5})/g;

/** The date in the last part of a path; `null` where there is none that exists. */
export function dateInName(path: string): NamedDate | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  for (const [, year, , month, day, hour, minute] of name.matchAll(DATE)) {
    const start = Date.parse(`${year}-${month}-${day}T${hour ?? '00'}:${minute ?? '00'}:00Z`);
    if (!Number.isFinite(start) || new Date(start).getUTCDate() !== Number(day)) continue;
    const end = hour === undefined ? start + DAY_MS : start + 60_000;
    return { earliest: start - 14 * HOUR_MS, latest: end + 12 * HOUR_MS };
  }
  return null;
}

export interface JudgedBackup {
  file: BackupCandidate;
  /** When it was made, by the older of its two witnesses: a copied or touched file looks newer than it is. */
  takenAt: number;
  ageMs: number;
  /** Why it does not count; `null` for a usable one. */
  flaw: 'future-dated' | 'empty' | 'too-small' | null;
}

/** Judges every candidate, the newest by `takenAt` first. */
export function judgeBackups(facts: BackupFacts, minBytes: number): JudgedBackup[] {
  return facts.candidates
    .map((file): JudgedBackup => {
      const named = dateInName(file.name);
      const takenAt = named ? Math.min(file.modifiedAt, named.latest) : file.modifiedAt;
      const ahead = Math.max(file.modifiedAt, named?.earliest ?? file.modifiedAt) - facts.clock;
      const flaw =
        ahead > SKEW_MS ? 'future-dated' : isEmpty(file) ? 'empty' : file.bytes < minBytes ? 'too-small' : null;
      return { file, takenAt, ageMs: facts.clock - takenAt, flaw };
    })
    .sort((a, b) => b.takenAt - a.takenAt);
}

/** Nothing at all, or what `dump | gzip` leaves behind when the dump failed. */
function isEmpty({ bytes, head }: BackupCandidate): boolean {
  return bytes === 0 || (bytes <= EMPTY_GZIP_MAX && (head?.startsWith('1f8b') ?? false));
}
