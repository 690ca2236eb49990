import type { CalendarPort, OnCallPort } from '../api/ports.ts';
import { ProblemError } from '../api/problem.ts';
import { didYouMean } from '../core/suggest.ts';
import { timedMatch } from '../incidents/apply.ts';
import { shiftsBetween } from '../incidents/oncall.ts';
import { routeTest, targetLabels } from '../incidents/route-test.ts';
import { newId } from '../store/id.ts';
import type { OnCallOverride } from '../store/repositories/windows.ts';
import { rfc3339, rfc3339OrNull, type ServiceCore } from './core.ts';

/** Who is on call, from the configuration and from what people changed at run time. */
export function onCallPort({ db, store, config, alerts, now }: ServiceCore, calendars: CalendarPort): OnCallPort {
  const alerting = () => config.current().alerting;
  const refuse = (path: string, message: string) =>
    new ProblemError(422, `${path}: ${message}`, { errors: [{ in: 'json', path, message }] });
  const view = (row: OnCallOverride) => ({
    ...row,
    startsAt: rfc3339(row.startsAt),
    endsAt: rfc3339(row.endsAt),
    createdAt: rfc3339(row.createdAt),
    active: row.startsAt <= now() && now() < row.endsAt,
  });
  const known = (path: string, id: string, ids: readonly string[]) => {
    if (!ids.includes(id)) throw refuse(path, `there is no ${path} "${id}"${didYouMean(id, ids)}`);
  };

  return {
    async schedules(from, to) {
      const given = alerting();
      const takeovers = await db.overrides.list(from);
      const views = (given?.schedules ?? []).map(async (schedule) => {
        const shifts = shiftsBetween(schedule, from, to, takeovers);
        const [first] = shifts;
        const person = first?.duty?.person ?? null;
        return {
          id: schedule.id,
          timeZone: schedule.timeZone,
          now: {
            person,
            name: given?.people.find(({ id }) => id === person)?.name ?? null,
            until: first === undefined || first.to >= to ? null : rfc3339(first.to),
          },
          shifts: shifts.map(({ from: start, to: end, duty }) => ({
            from: rfc3339(start),
            to: rfc3339(end),
            person: duty?.person ?? null,
            via: duty?.via ?? null,
          })),
          calendar: await calendars.address('schedule', schedule.id),
        };
      });
      return Promise.all(views);
    },
    people: () =>
      Promise.all(
        (alerting()?.people ?? []).map(async ({ id, name }) => ({
          id,
          name,
          calendar: await calendars.address('person', id),
        })),
      ),
    overrides: async () => (await db.overrides.list(now())).map(view),
    async addOverride({ schedule, person, startsAt, endsAt }, actor) {
      known('schedule', schedule, alerting()?.schedules.map(({ id }) => id) ?? []);
      known('person', person, alerting()?.people.map(({ id }) => id) ?? []);
      if (Date.parse(endsAt) <= now()) throw refuse('endsAt', 'must lie in the future');
      const at = now();
      const row: OnCallOverride = {
        id: newId(at),
        schedule,
        person,
        startsAt: Date.parse(startsAt),
        endsAt: Date.parse(endsAt),
        createdBy: actor,
        createdAt: at,
      };
      await store.write((q) => db.overrides.add(q, row));
      await alerts.look();
      return view(row);
    },
    async removeOverride(id, actor) {
      const at = now();
      const done = await store.write(async (q) => {
        const ended = await db.overrides.end(q, id, at);
        const entry = { id: newId(at), at, actor, action: 'override ended', subject: id, details: null };
        if (ended) await db.journal.add(q, entry);
        return ended;
      });
      await alerts.look();
      return done;
    },
    async routeTest({ target: id, severity, category }, at) {
      const targets = config.current().targets.map(({ target }) => target);
      known(
        'target',
        id,
        targets.map((one) => one.id),
      );
      const target = targets.find((one) => one.id === id);
      const given = alerting();
      if (!given || !target) {
        return { at: rfc3339(at), held: null, nobody: 'the configuration has no alerting', ways: [] };
      }
      const { services } = config.current();
      const { held, ways } = routeTest(
        { severity, labels: targetLabels(target, category), at },
        {
          alerting: given,
          silences: (await db.silences.list(at)).map((one) => timedMatch(one, one.comment)),
          maintenance: (await db.maintenance.list(at)).map((one) => timedMatch(one, one.title)),
          dependsOn: new Map(services.map((one) => [one.id, one.dependsOn])),
          takeovers: await db.overrides.list(at),
        },
      );
      return {
        at: rfc3339(at),
        held: held && { reason: held.reason, until: rfc3339OrNull(held.until) },
        nobody: ways.length === 0 ? 'no route matches' : null,
        ways: ways.map((way) => ({ ...way, steps: way.steps.map((one) => ({ ...one, at: rfc3339(one.at) })) })),
      };
    },
  };
}
