import { z } from 'zod';
import { type Imported, idMaker, nothingYet } from './imported.ts';
import { DAYS, handoffAt, rotateOf, timeOf } from './schedules.ts';

const hours = z.object({ startHour: z.number(), startMin: z.number(), endHour: z.number(), endMin: z.number() });
const restriction = z.union([
  z.looseObject({ type: z.literal('time-of-day'), restriction: hours }),
  z.looseObject({
    type: z.literal('weekday-and-time-of-day'),
    restrictions: z.array(hours.extend({ startDay: z.string(), endDay: z.string() })),
  }),
]);
const rotationSchema = z.looseObject({
  name: z.string().nullish(),
  startDate: z.string(),
  endDate: z.string().nullish(),
  type: z.enum(['hourly', 'daily', 'weekly']),
  length: z.number().int().min(1).default(1),
  participants: z.array(z.looseObject({ type: z.string(), username: z.string().nullish(), id: z.string().nullish() })),
  timeRestriction: restriction.nullish(),
});
const scheduleSchema = z.looseObject({
  name: z.string(),
  timezone: z.string(),
  enabled: z.boolean().nullish(),
  rotations: z.array(rotationSchema).nullish(),
});

/** The answer of `GET /v2/schedules?expand=rotation` of Opsgenie, or of the same list of Jira Service Management. */
export function fromOpsgenie(json: unknown): Imported {
  const { data } = z.looseObject({ data: z.array(scheduleSchema) }).parse(json);
  const out = nothingYet();
  const idOf = idMaker();
  const personId = peopleOf(out);
  const schedules: Record<string, unknown> = {};
  for (const schedule of data) {
    const lost = (what: string): void => void out.notes.push(`schedule "${schedule.name}": ${what}`);
    if (schedule.enabled === false) {
      lost('switched off there, so left out');
      continue;
    }
    const layers = (schedule.rotations ?? []).flatMap((one) => layersOf(one, schedule.timezone, personId, lost));
    if (layers.length === 0) lost('no rotation could be carried over, so it is left out');
    else schedules[idOf(schedule.name)] = { timeZone: schedule.timezone, layers };
  }
  out.alerting.schedules = schedules;
  return out;
}

/** Gives ids to people and keeps them; their channels have to be written by hand. */
function peopleOf(out: Imported): (username: string) => string {
  const idOf = idMaker();
  const known = new Map<string, string>();
  const people: Record<string, unknown> = {};
  out.alerting.people = people;
  return (username) => {
    const there = known.get(username);
    if (there !== undefined) return there;
    const id = idOf(username.split('@')[0] ?? username);
    known.set(username, id);
    people[id] = { name: username, channels: [] };
    out.notes.push(`person "${username}": write the channels that reach them`);
    return id;
  };
}

function layersOf(
  rotation: z.infer<typeof rotationSchema>,
  timeZone: string,
  personId: (username: string) => string,
  lost: (what: string) => void,
): Record<string, unknown>[] {
  const name = rotation.name ?? 'unnamed';
  if (rotation.endDate)
    lost(`rotation "${name}" ends on ${rotation.endDate.slice(0, 10)}; here it does not end by itself`);
  const users = rotation.participants.filter((one) => one.type === 'user');
  if (users.length < rotation.participants.length) {
    lost(`rotation "${name}": participants that are no people (teams, nobody) are left out`);
  }
  const people = users.flatMap((one) => one.username ?? one.id ?? []).map(personId);
  if (people.length === 0) return [];
  const rotate = rotateOf(rotation.type, rotation.length);
  const { from, handoff, daily } = handoffAt(rotation.startDate, timeZone);
  const layer = { people, rotate, handoff: rotate === 'daily' ? daily : handoff, from };
  const limits = limitsOf(rotation.timeRestriction, () =>
    lost(`rotation "${name}": a restriction over several days is not carried over`),
  );
  return limits.map((restrict) => ({ ...layer, ...(restrict === null ? {} : { restrict }) }));
}

function limitsOf(given: z.infer<typeof restriction> | null | undefined, lost: () => void) {
  if (!given) return [null];
  const span = (one: z.infer<typeof hours>) => ({
    start: timeOf(one.startHour, one.startMin),
    end: timeOf(one.endHour, one.endMin),
  });
  if (given.type === 'time-of-day') return [span(given.restriction)];
  const found = [];
  for (const one of given.restrictions) {
    const day = DAYS.find((known) => one.startDay.toLowerCase().startsWith(known.toLowerCase()));
    const next = day === undefined ? undefined : DAYS[(DAYS.indexOf(day) + 1) % 7];
    const { start, end } = span(one);
    const sameDay = day !== undefined && one.endDay.toLowerCase().startsWith(day.toLowerCase());
    const overNight = next !== undefined && one.endDay.toLowerCase().startsWith(next.toLowerCase()) && end <= start;
    if (day !== undefined && ((sameDay && end > start) || overNight)) found.push({ start, end, weekdays: [day] });
    else lost();
  }
  return found;
}
