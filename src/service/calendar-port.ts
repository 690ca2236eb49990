import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { CalendarPort } from '../api/ports.ts';
import { dutiesOf } from '../incidents/duties.ts';
import { writeCalendar } from '../time/calendar.ts';
import type { ServiceCore } from './core.ts';

const DAY_MS = 86_400_000;
const BACK_MS = 31 * DAY_MS;
const AHEAD_MS = 120 * DAY_MS;

/** Name of the key in the store. Calendar programs send no token, so the address of a feed is its own key. */
const KEY = 'calendar-key';

/** Who is on call, as calendars that a calendar program follows by their address. */
export function calendarPort({ db, store, config, now }: ServiceCore): CalendarPort {
  let key: Promise<string> | undefined;

  async function load(): Promise<string> {
    const known = z
      .string()
      .min(32)
      .safeParse(await db.meta.get(KEY));
    if (known.success) return known.data;
    const fresh = randomBytes(32).toString('hex');
    await store.write((q) => db.meta.set(q, KEY, fresh));
    return fresh;
  }

  async function keyOf(kind: string, id: string): Promise<string> {
    key ??= load();
    return createHmac('sha256', await key)
      .update(`${kind}\0${id}`)
      .digest('hex')
      .slice(0, 40);
  }

  return {
    address: async (kind, id) => `/calendar/${kind}/${encodeURIComponent(id)}.ics?key=${await keyOf(kind, id)}`,
    async feed(kind, id, given) {
      const wanted = Buffer.from(await keyOf(kind, id));
      const shown = Buffer.from(given);
      const { alerting } = config.current();
      if (!alerting || wanted.length !== shown.length || !timingSafeEqual(wanted, shown)) return null;
      const at = now();
      const [from, to] = [at - BACK_MS, at + AHEAD_MS];
      const what = kind === 'schedule' ? { schedule: id } : { person: id };
      const duties = dutiesOf(what, alerting, from, to, await db.overrides.list(from));
      if (!duties) return null;
      const nameOf = (person: string) => alerting.people.find((one) => one.id === person)?.name ?? person;
      const events = duties.map(({ schedule, person, from: start, to: end }) => ({
        uid: `${schedule}-${person}-${start}@seaworthy`,
        summary: kind === 'schedule' ? nameOf(person) : `on call: ${schedule}`,
        from: start,
        to: end,
      }));
      return writeCalendar(kind === 'schedule' ? `On call: ${id}` : `On call: ${nameOf(id)}`, events, at);
    },
  };
}
