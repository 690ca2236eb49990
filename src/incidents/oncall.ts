import { Temporal } from 'temporal-polyfill';
import type { OnCallLayer, OnCallSchedule } from '../core/alerting.ts';
import { instantOf, localOf, windowsBetween } from './zone.ts';

/** Somebody takes a schedule over; made at run time. Epoch ms. */
export interface Takeover {
  schedule: string;
  person: string;
  startsAt: number;
  endsAt: number;
}

/** Who is on call, and why. `layer` counts from 1. */
export type Duty = { person: string; via: 'override' } | { person: string; via: 'layer'; layer: number };

/** A stretch of time with one answer; `duty` is null where nobody is on call: a gap. */
export interface Shift {
  from: number;
  to: number;
  duty: Duty | null;
}

const DAY_MS = 86_400_000;

/**
 * Who is on call at an instant: the newest override that covers it, else the highest layer that has somebody.
 * Hand-offs follow the wall clock of the schedule's zone (`instantOf` has the rule for clock changes), so a weekly
 * shift is an hour shorter or longer twice a year; a rotation given as a length counts elapsed time instead.
 */
export function onCallAt(schedule: OnCallSchedule, at: number, takeovers: readonly Takeover[] = []): Duty | null {
  const over = spans(schedule, takeovers).findLast((span) => span.from <= at && at < span.to);
  if (over) return { person: over.person, via: 'override' };
  for (let index = schedule.layers.length - 1; index >= 0; index -= 1) {
    const layer = schedule.layers[index];
    const person = layer && personAt(layer, schedule.timeZone, at);
    if (person !== undefined) return { person, via: 'layer', layer: index + 1 };
  }
  return null;
}

/** The calendar of `[from, to)` without holes: neighbouring stretches with the same person are one. At most 400 days. */
export function shiftsBetween(
  schedule: OnCallSchedule,
  from: number,
  to: number,
  takeovers: readonly Takeover[] = [],
): Shift[] {
  const end = Math.min(to, from + 400 * DAY_MS);
  const edges = new Set<number>([from]);
  const add = (edge: number): void => {
    if (edge > from && edge < end) edges.add(edge);
  };
  for (const span of spans(schedule, takeovers)) {
    add(span.from);
    add(span.to);
  }
  for (const layer of schedule.layers) {
    for (const edge of handoffsBetween(layer, schedule.timeZone, from, end)) add(edge);
    if (!layer.restrict) continue;
    for (const window of windowsBetween(layer.restrict, schedule.timeZone, from, end)) {
      add(window.from);
      add(window.to);
    }
  }
  const sorted = [...edges].sort((a, b) => a - b);
  const shifts: Shift[] = [];
  for (const [index, edge] of sorted.entries()) {
    const duty = onCallAt(schedule, edge, takeovers);
    const until = sorted[index + 1] ?? end;
    const last = shifts.at(-1);
    if (last && last.duty?.person === duty?.person && last.duty?.via === duty?.via) last.to = until;
    else if (until > edge) shifts.push({ from: edge, to: until, duty });
  }
  return shifts;
}

function spans(schedule: OnCallSchedule, takeovers: readonly Takeover[]) {
  const local = (text: string): number => instantOf(Temporal.PlainDateTime.from(text), schedule.timeZone);
  return [
    ...schedule.overrides.map(({ person, from, to }) => ({ person, from: local(from), to: local(to) })),
    ...takeovers
      .filter((one) => one.schedule === schedule.id)
      .map(({ person, startsAt, endsAt }) => ({ person, from: startsAt, to: endsAt })),
  ];
}

function personAt(layer: OnCallLayer, timeZone: string, at: number): string | undefined {
  const index = shiftIndex(layer, timeZone, at);
  if (index === undefined || layer.people.length === 0) return undefined;
  if (layer.restrict && windowsBetween(layer.restrict, timeZone, at, at + 1).length === 0) return undefined;
  return layer.people[index % layer.people.length];
}

/** Days from one hand-off to the next, where the layer follows the calendar. */
const periodDays = (layer: OnCallLayer): number => (layer.rotate === 'weekly' ? 7 : 1);

/** Start of the first shift: `from` at the time of hand-off. */
const startOf = (layer: OnCallLayer): Temporal.PlainDateTime =>
  Temporal.PlainDate.from(layer.from).toPlainDateTime({ hour: layer.handoff.hour, minute: layer.handoff.minute });

/** Hand-off `n` by the calendar; the first shift of a weekly layer that starts between two hand-offs is short. */
function handoff(layer: OnCallLayer, n: number): Temporal.PlainDateTime {
  const start = startOf(layer);
  if (n === 0) return start;
  const weekday = layer.rotate === 'weekly' ? (layer.handoff.weekday ?? start.dayOfWeek) : start.dayOfWeek;
  const sinceHandoff = layer.rotate === 'weekly' ? (start.dayOfWeek - weekday + 7) % 7 : 0;
  return start.add({ days: n * periodDays(layer) - sinceHandoff });
}

function shiftIndex(layer: OnCallLayer, timeZone: string, at: number): number | undefined {
  const start = instantOf(startOf(layer), timeZone);
  if (at < start) return undefined;
  if (typeof layer.rotate === 'object') return Math.floor((at - start) / layer.rotate.everyMs);
  const days = handoff(layer, 0).toPlainDate().until(localOf(at, timeZone).toPlainDate(), { largestUnit: 'days' }).days;
  let index = Math.floor(days / periodDays(layer)) + 2;
  while (index > 0 && instantOf(handoff(layer, index), timeZone) > at) index -= 1;
  return index;
}

function handoffsBetween(layer: OnCallLayer, timeZone: string, from: number, to: number): number[] {
  const found: number[] = [];
  let index = shiftIndex(layer, timeZone, from) ?? 0;
  const start = instantOf(startOf(layer), timeZone);
  for (; found.length < 10_000; index += 1) {
    const edge =
      typeof layer.rotate === 'object'
        ? start + index * layer.rotate.everyMs
        : instantOf(handoff(layer, index), timeZone);
    if (edge >= to) break;
    found.push(edge);
  }
  return found;
}
