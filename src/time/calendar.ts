import ICAL from 'ical.js';
import { Temporal } from 'temporal-polyfill';

/** Something in a calendar, epoch ms. */
export interface CalendarEvent {
  uid: string;
  summary: string;
  from: number;
  to: number;
}

/** Most events, repeated ones counted each time, that are read from one calendar. */
const EVENTS_MAX = 2_000;
/** Most repetitions of one event that are walked over to reach the stretch that is asked for. */
const STEPS_MAX = 20_000;

/**
 * Events of an iCalendar text (RFC 5545) that touch `[from, to)`, repetitions included. Times without a zone, and whole
 * days, are in `timeZone`. Throws an Error that says what is not as it should be.
 */
export function readCalendar(text: string, timeZone: string, from: number, to: number): CalendarEvent[] {
  const root = new ICAL.Component(ICAL.parse(text));
  if (root.name !== 'vcalendar') throw new Error('is not a calendar');
  const found: CalendarEvent[] = [];
  const all = root.getAllSubcomponents('vevent').map((component) => new ICAL.Event(component));
  for (const event of all.filter((one) => !one.isRecurrenceException())) {
    for (const exception of all)
      if (exception.isRecurrenceException() && exception.uid === event.uid) event.relateException(exception);
    for (const span of spansOf(event, timeZone, from, to)) {
      if (found.length >= EVENTS_MAX) throw new Error(`has more than ${EVENTS_MAX} events`);
      found.push(span);
    }
  }
  return found.sort((a, b) => a.from - b.from);
}

function* spansOf(event: ICAL.Event, timeZone: string, from: number, to: number): Generator<CalendarEvent> {
  const span = (item: ICAL.Event, start: ICAL.Time, end: ICAL.Time): CalendarEvent => ({
    uid: String(item.uid ?? ''),
    summary: String(item.summary ?? ''),
    from: instantOf(start, zoneOf(item, 'dtstart') ?? timeZone),
    to: instantOf(end, zoneOf(item, 'dtend') ?? zoneOf(item, 'dtstart') ?? timeZone),
  });
  const touches = (one: CalendarEvent): boolean => one.from < to && one.to > from && one.to > one.from;
  if (!event.isRecurring()) {
    const one = span(event, event.startDate, event.endDate);
    if (touches(one)) yield one;
    return;
  }
  const times = event.iterator();
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const next = times.next();
    if (!next) return;
    const { item, startDate, endDate } = event.getOccurrenceDetails(next);
    const one = span(item, startDate, endDate);
    if (one.from >= to) return;
    if (touches(one)) yield one;
  }
}

/** The zone that an event names, where it is one of the IANA list; a `Z` at the end is UTC. */
function zoneOf(event: ICAL.Event, name: 'dtstart' | 'dtend'): string | undefined {
  const property = event.component.getFirstProperty(name);
  const value = property?.getFirstValue();
  if (value instanceof ICAL.Time && value.zone === ICAL.Timezone.utcTimezone) return 'UTC';
  const named = property?.getFirstParameter('tzid');
  if (named === undefined) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: named }).resolvedOptions().timeZone;
  } catch {
    throw new Error(`an event is in the time zone "${named.slice(0, 60)}", which is not of the IANA list`);
  }
}

function instantOf(time: ICAL.Time, timeZone: string): number {
  const { year, month, day, hour, minute, second } = time;
  const local = Temporal.PlainDateTime.from({ year, month, day, hour, minute, second });
  return local.toZonedDateTime(timeZone).epochMilliseconds;
}

/** A calendar with these events (RFC 5545), in UTC. `now` is its stamp, epoch ms. */
export function writeCalendar(name: string, events: readonly CalendarEvent[], now: number): string {
  const root = new ICAL.Component('vcalendar');
  root.addPropertyWithValue('version', '2.0');
  root.addPropertyWithValue('prodid', '-//Seaworthy//on-call//EN');
  root.addPropertyWithValue('x-wr-calname', name);
  const utc = (at: number) => ICAL.Time.fromJSDate(new Date(at), true);
  for (const { uid, summary, from, to } of events) {
    const event = new ICAL.Component('vevent');
    event.addPropertyWithValue('uid', uid);
    event.addPropertyWithValue('dtstamp', utc(now));
    event.addPropertyWithValue('dtstart', utc(from));
    event.addPropertyWithValue('dtend', utc(to));
    event.addPropertyWithValue('summary', summary);
    root.addSubcomponent(event);
  }
  return `${root.toString()}\r\n`;
}
