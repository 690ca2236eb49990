import { Temporal } from 'temporal-polyfill';

/** What the wall clock in a zone shows at an instant, in the words of a layer. */
export function handoffAt(instant: string, timeZone: string): { from: string; handoff: string; daily: string } {
  const local = Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone);
  const time = local.toPlainTime().toString({ smallestUnit: 'minute' });
  const day = DAYS[local.dayOfWeek - 1] ?? 'Mon';
  return { from: local.toPlainDate().toString(), handoff: `${day} ${time}`, daily: time };
}

export const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** `HH:MM`. */
export function timeOf(hour: number, minute: number): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

/** How a rotation of `length` times a unit is written: by the calendar where it is one day or one week, else by its length. */
export function rotateOf(unit: 'hourly' | 'daily' | 'weekly', length: number): 'daily' | 'weekly' | { every: string } {
  if (length === 1 && unit !== 'hourly') return unit;
  if (unit === 'hourly') return { every: `${length}h` };
  return { every: `${length * (unit === 'weekly' ? 7 : 1)}d` };
}
