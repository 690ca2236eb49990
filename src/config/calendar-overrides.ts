import { readFileSync, statSync } from 'node:fs';
import type { Alerting, OnCallOverride } from '../core/alerting.ts';
import { reasonOf } from '../core/error.ts';
import { localOf } from '../incidents/zone.ts';
import { type CalendarEvent, readCalendar } from '../time/calendar.ts';
import { expandPath } from './paths.ts';
import type { Problem } from './problem.ts';
import type { AlertingInput } from './schema/alerting.ts';
import type { Source } from './source.ts';

const BYTES_MAX = 4 * 1024 * 1024;
const DAY_MS = 86_400_000;
/** What is read of a calendar: the month that is over and a bit more than the year that comes. */
const BACK_MS = 31 * DAY_MS;
const AHEAD_MS = 400 * DAY_MS;

/** A schedule that names a calendar, and the file in which it does. */
export interface NamedCalendar {
  source: Source;
  alerting: AlertingInput;
}

/**
 * Overrides from the calendars that schedules name: an event whose summary is a person's id or name is a shift of theirs.
 * A calendar that cannot be read is a problem, an event that names nobody a warning. `now` is epoch ms.
 */
export function addCalendarOverrides(
  alerting: Alerting,
  inputs: readonly NamedCalendar[],
  env: Readonly<Record<string, string | undefined>>,
  now: number,
): { problems: Problem[]; warnings: Problem[] } {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  for (const { source, alerting: input } of inputs) {
    for (const [id, { calendar }] of Object.entries(input.schedules ?? {})) {
      const schedule = alerting.schedules.find((one) => one.id === id);
      if (calendar === undefined || !schedule) continue;
      const path = ['alerting', 'schedules', id, 'calendar'];
      const at = (message: string): Problem => ({ file: source.name, ...source.locate(path, 'value'), path, message });
      try {
        const text = readText(expandPath(calendar, source.dir, env));
        for (const event of readCalendar(text, schedule.timeZone, now - BACK_MS, now + AHEAD_MS)) {
          const override = overrideOf(event, alerting, schedule.timeZone);
          if (override) schedule.overrides.push(override);
          else warnings.push(at(`the event "${event.summary.slice(0, 80)}" names no person; write an id or a name`));
        }
      } catch (thrown) {
        problems.push(at(`${calendar} cannot be read as a calendar: ${reasonOf(thrown).slice(0, 200)}`));
      }
    }
  }
  return { problems, warnings };
}

function readText(path: string): string {
  const stat = statSync(path);
  if (!stat.isFile() || stat.size > BYTES_MAX) throw new Error(`is no file of at most ${BYTES_MAX / 1024 / 1024} MiB`);
  return readFileSync(path, 'utf8');
}

function overrideOf(
  { summary, from, to }: CalendarEvent,
  { people }: Alerting,
  timeZone: string,
): OnCallOverride | undefined {
  const wanted = summary.trim().toLowerCase();
  const person = people.find(({ id, name }) => id.toLowerCase() === wanted || name.toLowerCase() === wanted);
  const local = (at: number): string => localOf(at, timeZone).toString({ smallestUnit: 'second' });
  return person && { person: person.id, from: local(from), to: local(to) };
}
