import { Temporal } from 'temporal-polyfill';
import type { Alerting, OnCallSchedule } from '../core/alerting.ts';
import { shiftsBetween } from './oncall.ts';
import { localOf } from './zone.ts';

/** Something that the configuration allows and that would surprise somebody at night. `path` names the place. */
export interface Lint {
  path: string;
  message: string;
}

/** How far ahead schedules are looked at, ms: two clock changes lie in it. */
const AHEAD_MS = 366 * 86_400_000;
/** A gap is named once with its first occurrence; more of them are a number. */
const MINUTE_MS = 60_000;

/** Everything that leaves somebody untold: gaps, people without a channel, policies that end in nobody, names never used. */
export function lintAlerting(alerting: Alerting, now: number): Lint[] {
  return [
    ...alerting.schedules.flatMap((schedule) => lintSchedule(schedule, alerting, now)),
    ...alerting.people
      .filter((person) => person.channels.length === 0 && isMeant(person.id, alerting))
      .map(({ id, name }) => ({
        path: `alerting.people.${id}`,
        message: `${name} has no channel, so nothing reaches them`,
      })),
    ...alerting.escalations.flatMap((policy) => lintEscalation(policy, alerting)),
    ...lintRoutes(alerting),
    ...unused(alerting),
  ];
}

function lintSchedule(schedule: OnCallSchedule, alerting: Alerting, now: number): Lint[] {
  const path = `alerting.schedules.${schedule.id}`;
  const found: Lint[] = [];
  const shifts = shiftsBetween(schedule, now, now + AHEAD_MS);
  const gaps = shifts.filter((shift) => shift.duty === null && shift.to - shift.from >= MINUTE_MS);
  const [first] = gaps;
  if (first) {
    const more = gaps.length > 1 ? `, and ${gaps.length - 1} more within a year` : '';
    const zone = schedule.timeZone;
    const end = first.to >= now + AHEAD_MS ? 'on' : `to ${shown(first.to, zone)}`;
    found.push({ path, message: `nobody is on call from ${shown(first.from, zone)} ${end} (${zone})${more}` });
  }
  const people = new Set([
    ...schedule.layers.flatMap((layer) => layer.people),
    ...schedule.overrides.map((one) => one.person),
  ]);
  for (const id of people) {
    if (!alerting.people.some((person) => person.id === id)) {
      found.push({ path, message: `there is no person "${id}"` });
    }
  }
  return [...found, ...ambiguous(schedule, now).map((message) => ({ path, message }))];
}

/** Hand-offs that fall, within a year, on a time that the clock skips or shows twice. */
function ambiguous(schedule: OnCallSchedule, now: number): string[] {
  const { timeZone } = schedule;
  const found: string[] = [];
  let at: Temporal.ZonedDateTime | null = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone);
  for (
    at = at.getTimeZoneTransition('next');
    at && at.epochMilliseconds < now + AHEAD_MS;
    at = at.getTimeZoneTransition('next')
  ) {
    const before = at.subtract({ nanoseconds: 1 });
    const stepMs = (at.offsetNanoseconds - before.offsetNanoseconds) / 1e6;
    const end = at.toPlainDateTime();
    const from = stepMs > 0 ? end.subtract({ milliseconds: stepMs }) : end;
    const to = stepMs > 0 ? end : end.add({ milliseconds: -stepMs });
    for (const [index, layer] of schedule.layers.entries()) {
      if (typeof layer.rotate === 'object') continue;
      const { weekday, hour, minute } = layer.handoff;
      const time = from.toPlainDate().toPlainDateTime({ hour, minute });
      const thatDay = layer.rotate === 'daily' || weekday === null || weekday === time.dayOfWeek;
      const inside = Temporal.PlainDateTime.compare(time, from) >= 0 && Temporal.PlainDateTime.compare(time, to) < 0;
      if (!thatDay || !inside) continue;
      const clock = time.toPlainTime().toString({ smallestUnit: 'minute' });
      const does =
        stepMs > 0
          ? `does not exist: the hand-off is at ${end.toPlainTime().toString({ smallestUnit: 'minute' })}`
          : 'comes twice: the hand-off is at the first';
      found.push(`layer ${index + 1}: ${clock} on ${time.toPlainDate()} (${timeZone}) ${does}`);
    }
  }
  return found;
}

function lintEscalation({ id, steps }: Alerting['escalations'][number], alerting: Alerting): Lint[] {
  const path = `alerting.escalations.${id}`;
  const reaches = steps.map(({ notify }) => notify.some((one) => canReach(one, alerting)));
  if (!reaches.includes(true)) return [{ path, message: 'ends in nobody: none of its steps reaches a channel' }];
  return reaches.flatMap((reached, index) =>
    reached ? [] : [{ path: `${path}.steps[${index}]`, message: 'reaches nobody; the next step is taken at once' }],
  );
}

function canReach(
  target: Alerting['escalations'][number]['steps'][number]['notify'][number],
  alerting: Alerting,
): boolean {
  const person = (id: string): boolean => (alerting.people.find((one) => one.id === id)?.channels.length ?? 0) > 0;
  if (target.type === 'channel') return alerting.channels.some(({ id }) => id === target.id);
  if (target.type === 'person') return person(target.id);
  const schedule = alerting.schedules.find(({ id }) => id === target.id);
  return schedule?.layers.some((layer) => layer.people.some(person)) ?? false;
}

function lintRoutes({ routes }: Alerting): Lint[] {
  if (routes.length === 0)
    return [{ path: 'alerting.routes', message: 'there is no route, so nobody is told of anything' }];
  const rest = routes.findIndex((route) => Object.keys(route.match).length === 0 && !route.continue);
  if (rest === -1) {
    return [
      {
        path: 'alerting.routes',
        message: 'what no route matches is told to nobody; a last route without match takes the rest',
      },
    ];
  }
  return routes.slice(rest + 1).map((_, index) => ({
    path: `alerting.routes[${rest + 1 + index}]`,
    message: `is never taken: route ${rest + 1} takes everything before it`,
  }));
}

function isMeant(person: string, { schedules, escalations }: Alerting): boolean {
  const onDuty = schedules.some(
    ({ layers, overrides }) =>
      layers.some(({ people }) => people.includes(person)) || overrides.some((one) => one.person === person),
  );
  return (
    onDuty ||
    escalations.some(({ steps }) =>
      steps.some(({ notify }) => notify.some((one) => one.type === 'person' && one.id === person)),
    )
  );
}

/** Names that nothing leads to. */
function unused(alerting: Alerting): Lint[] {
  const { routes, people, escalations, channels, schedules } = alerting;
  const usedEscalations = new Set(routes.flatMap((route) => route.escalation ?? []));
  const notified = escalations.flatMap(({ steps }) => steps.flatMap(({ notify }) => notify));
  const usedChannels = new Set([
    ...routes.flatMap((route) => route.channel ?? []),
    ...people.flatMap((person) => person.channels),
    ...notified.flatMap((one) => (one.type === 'channel' ? one.id : [])),
  ]);
  const usedSchedules = new Set(notified.flatMap((one) => (one.type === 'schedule' ? one.id : [])));
  const never = (kind: string, ids: readonly { id: string }[], used: ReadonlySet<string>): Lint[] =>
    ids
      .filter(({ id }) => !used.has(id))
      .map(({ id }) => ({ path: `alerting.${kind}.${id}`, message: 'is never used' }));
  return [
    ...never('channels', channels, usedChannels),
    ...never('schedules', schedules, usedSchedules),
    ...never('escalations', escalations, usedEscalations),
  ];
}

function shown(at: number, timeZone: string): string {
  return localOf(at, timeZone).toString({ smallestUnit: 'minute' }).replace('T', ' ');
}
