import { Temporal } from 'temporal-polyfill';

/**
 * The instant (epoch ms) at which a wall clock in `timeZone` shows `local`. The rule for the two days a year on which
 * that is no simple question: a time that the clock skips happens at the very end of the gap (02:30 becomes 03:00), one
 * that it shows twice happens the first time.
 */
export function instantOf(local: Temporal.PlainDateTime, timeZone: string): number {
  const earlier = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  if (earlier.toPlainDateTime().equals(local)) return earlier.epochMilliseconds;
  return earlier.getTimeZoneTransition('next')?.epochMilliseconds ?? earlier.epochMilliseconds;
}

/** What the wall clock in `timeZone` shows at an instant. */
export function localOf(at: number, timeZone: string): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDateTime();
}

/** A calendar month (`2026-10`) as people in `timeZone` live it: an hour longer or shorter where the clock is changed in it. */
export function monthIn(month: string, timeZone: string): { from: number; to: number } {
  const first = Temporal.PlainYearMonth.from(month).toPlainDate({ day: 1 });
  const from = instantOf(first.toPlainDateTime(), timeZone);
  return { from, to: instantOf(first.add({ months: 1 }).toPlainDateTime(), timeZone) };
}

/** `day` at `time` (`HH:MM`; `24:00` is the next midnight). */
export function onDay(day: Temporal.PlainDate, time: string): Temporal.PlainDateTime {
  if (time === '24:00') return day.add({ days: 1 }).toPlainDateTime();
  return day.toPlainDateTime(Temporal.PlainTime.from(time));
}

/** A daily stretch of local time; `end` at or before `start` means over midnight. `weekdays` 1 (Monday) to 7 name the day it starts on. */
export interface DailyWindow {
  start: string;
  end: string;
  weekdays: readonly number[] | null;
}

/** The stretches of a window that touch `[from, to)`, in order. */
export function windowsBetween(
  window: DailyWindow,
  timeZone: string,
  from: number,
  to: number,
): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  const last = localOf(to, timeZone).toPlainDate();
  let day = localOf(from, timeZone).toPlainDate().subtract({ days: 1 });
  for (; Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 })) {
    if (window.weekdays && !window.weekdays.includes(day.dayOfWeek)) continue;
    const endDay = window.end <= window.start ? day.add({ days: 1 }) : day;
    const stretch = {
      from: instantOf(onDay(day, window.start), timeZone),
      to: instantOf(onDay(endDay, window.end), timeZone),
    };
    if (stretch.from < to && stretch.to > from && stretch.from < stretch.to) found.push(stretch);
  }
  return found;
}
