import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { type Imported, idMaker, nothingYet } from './imported.ts';
import { DAYS, handoffAt, rotateOf, timeOf } from './schedules.ts';

const shiftSchema = z.looseObject({
  id: z.string(),
  name: z.string().nullish(),
  type: z.string(),
  time_zone: z.string().nullish(),
  level: z.number().nullish(),
  start: z.string(),
  rotation_start: z.string().nullish(),
  duration: z.number(),
  frequency: z.string().nullish(),
  interval: z.number().nullish(),
  by_day: z.array(z.string()).nullish(),
  until: z.string().nullish(),
  users: z.array(z.string()).nullish(),
  rolling_users: z.array(z.array(z.string())).nullish(),
});
type ShiftRow = z.infer<typeof shiftSchema>;

const fileSchema = z.looseObject({
  schedules: z.array(
    z.looseObject({
      id: z.string(),
      name: z.string(),
      type: z.string(),
      time_zone: z.string().nullish(),
      shifts: z.array(z.string()).nullish(),
    }),
  ),
  on_call_shifts: z.array(shiftSchema).default([]),
  users: z.array(z.looseObject({ id: z.string(), username: z.string() })).default([]),
});

/** The lists `schedules`, `on_call_shifts` and `users` of Grafana OnCall's API, in one JSON object under those names. */
export function fromGrafanaOnCall(json: unknown): Imported {
  const file = fileSchema.parse(json);
  const out = nothingYet();
  const idOf = idMaker();
  const personOf = idMaker();
  const people: Record<string, unknown> = {};
  const personIds = new Map<string, string>();
  const person = (user: string): string => {
    const there = personIds.get(user);
    if (there !== undefined) return there;
    const name = file.users.find(({ id }) => id === user)?.username ?? user;
    const id = personOf(name);
    personIds.set(user, id);
    people[id] = { name, channels: [] };
    out.notes.push(`person "${name}": write the channels that reach them`);
    return id;
  };
  const schedules: Record<string, unknown> = {};
  for (const schedule of file.schedules) {
    const lost = (what: string): void => void out.notes.push(`schedule "${schedule.name}": ${what}`);
    if (schedule.type === 'ical') {
      lost('comes from a calendar elsewhere; it is left out');
      continue;
    }
    const timeZone = schedule.time_zone ?? 'UTC';
    const shifts = (schedule.shifts ?? []).flatMap((id) => file.on_call_shifts.find((one) => one.id === id) ?? []);
    // A higher level stands above a lower one, as our later layers do.
    const layers = shifts
      .filter((one) => one.type !== 'single_event')
      .sort((a, b) => (a.level ?? 0) - (b.level ?? 0))
      .flatMap((one) => layerOf(one, one.time_zone ?? timeZone, timeZone, person, lost));
    const overrides = shifts
      .filter((one) => one.type === 'single_event')
      .flatMap((one) => overrideOf(one, timeZone, person));
    if (layers.length === 0) lost('no rotation could be carried over, so it is left out');
    else schedules[idOf(schedule.name)] = { timeZone, layers, ...(overrides.length > 0 ? { overrides } : {}) };
  }
  out.alerting = { people, schedules };
  return out;
}

/** Times are local to the shift's zone and may end in a Z that means nothing. */
const localOf = (text: string): Temporal.PlainDateTime =>
  Temporal.PlainDateTime.from(text.replace(/(?:Z|[+-]\d\d:\d\d)$/, ''));

function layerOf(
  shift: ShiftRow,
  zone: string,
  scheduleZone: string,
  person: (user: string) => string,
  lost: (what: string) => void,
): Record<string, unknown>[] {
  const name = shift.name ?? shift.id;
  const groups = shift.rolling_users ?? (shift.users ? [shift.users] : []);
  if (groups.some((group) => group.length > 1))
    lost(`shift "${name}": only the first of several people at once is carried over`);
  const people = groups.flatMap(([first]) => first ?? []).map(person);
  const unit = shift.frequency;
  if (people.length === 0 || (unit !== 'hourly' && unit !== 'daily' && unit !== 'weekly')) {
    lost(`shift "${name}" (${unit ?? shift.type}) is not carried over`);
    return [];
  }
  if (shift.until) lost(`shift "${name}" ends on ${shift.until.slice(0, 10)}; here it does not end by itself`);
  const start = localOf(shift.rotation_start ?? shift.start);
  const instant = start.toZonedDateTime(zone).toInstant().toString();
  const { from, handoff, daily } = handoffAt(instant, scheduleZone);
  const rotate = rotateOf(unit, shift.interval ?? 1);
  const whole = { hourly: 3_600, daily: 86_400, weekly: 604_800 }[unit] * (shift.interval ?? 1);
  const layer = { people, rotate, handoff: rotate === 'daily' ? daily : handoff, from };
  if (shift.duration >= whole && !shift.by_day?.length) return [layer];
  if (shift.duration >= 86_400 || zone !== scheduleZone) {
    lost(`shift "${name}": its hours are not carried over, it holds all day`);
    return [layer];
  }
  const begins = localOf(shift.start).toPlainTime();
  const ends = begins.add({ seconds: shift.duration });
  const weekdays = (shift.by_day ?? []).flatMap(
    (day) => DAYS.find((known) => known.slice(0, 2).toUpperCase() === day) ?? [],
  );
  const restrict = {
    start: timeOf(begins.hour, begins.minute),
    end: timeOf(ends.hour, ends.minute),
    ...(weekdays.length > 0 ? { weekdays } : {}),
  };
  return [{ ...layer, restrict }];
}

function overrideOf(
  shift: ShiftRow,
  scheduleZone: string,
  person: (user: string) => string,
): Record<string, unknown>[] {
  const from = localOf(shift.start)
    .toZonedDateTime(shift.time_zone ?? scheduleZone)
    .withTimeZone(scheduleZone);
  const to = from.add({ seconds: shift.duration });
  const text = (at: Temporal.ZonedDateTime) => at.toPlainDateTime().toString({ smallestUnit: 'minute' });
  return (shift.users ?? []).slice(0, 1).map((user) => ({ person: person(user), from: text(from), to: text(to) }));
}
