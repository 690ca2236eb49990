import { Cron } from 'croner';
import { Temporal } from 'temporal-polyfill';

/** A cron line that has been read. `next` gives the first instant after another, epoch ms; `null` when there is none. */
export interface CronLine {
  next(after: number): number | null;
}

/** Most in a field, in the order of the five fields. */
const LIMITS = [59, 23, 31, 12, 7] as const;
const NAMES = ['minute', 'hour', 'day of month', 'month', 'day of week'] as const;
const LEAST = [0, 0, 1, 1, 0] as const;

/**
 * Reads five fields as Vixie cron does (crontab(5) of Debian), in a time zone of the IANA list. What they say of a wall
 * clock is the library's business; what happens where the clock jumps is ours, because libraries disagree:
 * a line whose minute or hour begins with `*` follows the wall clock as it goes, so it skips a gap and runs in both passes
 * of a repeated hour. Every other line names fixed times: one in a gap is made up for once, at the end of the gap, and
 * one in a repeated hour runs the first time only. Throws an Error that says which field is wrong.
 */
export function cronLine(text: string, timeZone: string): CronLine {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 5) throw new Error(`has ${fields.length} fields instead of five`);
  const [minute = '', hour = '', day = '', , weekday = ''] = fields;
  for (const [index, field] of fields.entries()) refuse(field, index);
  // "1-7 * */7" is the first Sunday: days and weekdays must both fit where one of them begins with a star.
  const both = day.startsWith('*') || weekday.startsWith('*');
  const pattern = fields.map(withoutWideSteps).join(' ');
  const clock = new Cron(pattern, { paused: true, timezone: 'UTC', domAndDow: both });
  const local = (after: number): number | null => clock.nextRun(new Date(after))?.getTime() ?? null;
  if (timeZone === 'UTC') return { next: local };
  const follows = minute.startsWith('*') || hour.startsWith('*');
  return { next: (after) => nextIn(timeZone, local, follows, after) };
}

/** True where the line comes round at all: `0 0 30 2 *` does not. */
export function comesRound(text: string): boolean {
  return cronLine(text, 'UTC').next(Date.UTC(2000, 0, 1)) !== null;
}

/** Steps wider than a field are allowed and mean its first value; the library refuses them. */
function withoutWideSteps(field: string, index: number): string {
  return field
    .split(',')
    .map((part) => {
      const step = /^\*\/(\d+)$/.exec(part)?.[1];
      return step !== undefined && Number(step) > (LIMITS[index] ?? 0) ? String(LEAST[index]) : part;
    })
    .join(',');
}

/** What the library takes and cron does not: signs, empty parts, ranges that run backwards, more than one step. */
function refuse(field: string, index: number): void {
  for (const part of field.split(',')) {
    const well = /^(?:\*|\?|[A-Za-z\d]+(?:-[A-Za-z\d]+)?|[\dA-Za-z]+#[1-5]|L)(?:\/[1-9]\d*)?$/.test(part);
    const [from, to] = /^(\d+)-(\d+)/.exec(part)?.slice(1).map(Number) ?? [0, 0];
    if (!well || (from ?? 0) > (to ?? 0)) throw new Error(`has "${field}" as its ${NAMES[index]}`);
  }
}

/** Walks from one change of the zone's offset to the next; within one, wall clock and instant differ by the offset alone. */
function nextIn(
  timeZone: string,
  local: (after: number) => number | null,
  follows: boolean,
  after: number,
): number | null {
  let from = Temporal.Instant.fromEpochMilliseconds(after).toZonedDateTimeISO(timeZone);
  // What the wall clock has already shown; a fixed time before it has run.
  let shown = wallOf(from);
  for (let steps = 0; steps < 2_000; steps += 1) {
    const change = from.getTimeZoneTransition('next');
    const candidate = local(shown);
    if (candidate === null) return null;
    const at = candidate - from.offsetNanoseconds / 1e6;
    if (change === null || at < change.epochMilliseconds) return at;
    const before = change.epochMilliseconds + from.offsetNanoseconds / 1e6;
    const since = wallOf(change);
    // A fixed time between what the clock last showed and what it shows next lies in the gap.
    if (!follows && candidate < since) return change.epochMilliseconds;
    // The wall clock of the new stretch is looked at from its first moment on, or, for fixed times, past what it repeats.
    shown = (follows ? since : Math.max(since, before)) - 1;
    from = change;
  }
  return null;
}

/** The wall clock read as if it were UTC, epoch ms. */
function wallOf(at: Temporal.ZonedDateTime): number {
  return at.epochMilliseconds + at.offsetNanoseconds / 1e6;
}
