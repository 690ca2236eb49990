import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { OnCallLayer, OnCallSchedule } from '../../src/core/alerting.ts';
import { onCallAt, shiftsBetween } from '../../src/incidents/oncall.ts';
import { instantOf } from '../../src/incidents/zone.ts';

const at = (text: string): number => Date.parse(text);
const layer = (change: Partial<OnCallLayer> = {}): OnCallLayer => ({
  people: ['ana', 'ben'],
  rotate: 'weekly',
  handoff: { weekday: 1, hour: 9, minute: 0 },
  from: '2026-11-02',
  restrict: null,
  ...change,
});
const schedule = (change: Partial<OnCallSchedule> = {}): OnCallSchedule => ({
  id: 'primary',
  timeZone: 'Europe/Lisbon',
  layers: [layer()],
  overrides: [],
  ...change,
});
const person = (of: OnCallSchedule, instant: string): string | undefined => onCallAt(of, at(instant))?.person;

describe('on call', () => {
  it('changes weekly at the hand-off of the zone', () => {
    const of = schedule();
    expect(person(of, '2026-11-02T08:59:59Z')).toBeUndefined();
    expect(person(of, '2026-11-02T09:00:00Z')).toBe('ana');
    expect(person(of, '2026-11-09T08:59:59Z')).toBe('ana');
    expect(person(of, '2026-11-09T09:00:00Z')).toBe('ben');
    expect(person(of, '2026-11-16T09:00:00Z')).toBe('ana');
    // After the clocks go forward, 09:00 in Lisbon is 08:00 UTC.
    expect(person(of, '2027-03-29T07:59:59Z')).not.toBe(person(of, '2027-03-29T08:00:00Z'));
  });

  it('cuts the first week short where it does not begin on the day of hand-off', () => {
    const of = schedule({ layers: [layer({ from: '2026-11-04' })] });
    expect(person(of, '2026-11-04T10:00:00Z')).toBe('ana');
    expect(person(of, '2026-11-09T10:00:00Z')).toBe('ben');
  });

  it('lets overrides and higher layers win, and a restricted layer only in its hours', () => {
    const nights = layer({
      people: ['eve'],
      rotate: 'daily',
      handoff: { weekday: null, hour: 0, minute: 0 },
      restrict: { start: '22:00', end: '06:00', weekdays: null },
    });
    const overrides = [{ person: 'ben', from: '2026-12-24T09:00', to: '2026-12-26T09:00' }];
    const of = schedule({ layers: [layer(), nights], overrides });
    expect(person(of, '2026-11-03T12:00:00Z')).toBe('ana');
    expect(person(of, '2026-11-03T22:00:00Z')).toBe('eve');
    expect(person(of, '2026-11-04T05:59:59Z')).toBe('eve');
    expect(person(of, '2026-11-04T06:00:00Z')).toBe('ana');
    expect(onCallAt(of, at('2026-12-25T23:00:00Z'))).toEqual({ person: 'ben', via: 'override' });
    const takeover = {
      schedule: 'primary',
      person: 'ana',
      startsAt: at('2026-12-25T00:00:00Z'),
      endsAt: at('2026-12-25T01:00:00Z'),
    };
    expect(onCallAt(of, at('2026-12-25T00:30:00Z'), [takeover])?.person).toBe('ana');
  });

  it.each([
    // Vectors of GoAlert's hand-off tests: a skipped time happens at the end of the gap, a doubled one the first time.
    { zone: 'America/Chicago', local: '2020-03-08T02:30', wanted: '2020-03-08T08:00:00Z' },
    { zone: 'America/Chicago', local: '2020-11-01T01:30', wanted: '2020-11-01T06:30:00Z' },
    { zone: 'Australia/Lord_Howe', local: '2020-10-04T02:15', wanted: '2020-10-03T15:30:00Z' },
    { zone: 'Australia/Lord_Howe', local: '2020-04-05T01:45', wanted: '2020-04-04T14:45:00Z' },
    { zone: 'Europe/Lisbon', local: '2026-11-20T09:00', wanted: '2026-11-20T09:00:00Z' },
  ])('takes $local in $zone for $wanted', ({ zone, local, wanted }) => {
    expect(new Date(instantOf(Temporal.PlainDateTime.from(local), zone)).toISOString()).toBe(
      new Date(wanted).toISOString(),
    );
  });

  it('gives a calendar without holes or overlaps, which agrees with every instant in it', () => {
    const layers = fc.record({
      people: fc.subarray(['ana', 'ben', 'eve', 'kim'], { minLength: 1 }),
      rotate: fc.oneof(
        fc.constantFrom('daily' as const, 'weekly' as const),
        fc.record({ everyMs: fc.integer({ min: 3_600_000, max: 9e8 }) }),
      ),
      handoff: fc.record({
        weekday: fc.integer({ min: 1, max: 7 }),
        hour: fc.integer({ min: 0, max: 23 }),
        minute: fc.constantFrom(0, 15, 30),
      }),
      from: fc.constantFrom('2026-03-20', '2026-10-19', '2026-10-01'),
      restrict: fc.option(
        fc.record({
          start: fc.constantFrom('00:00', '02:15', '22:00'),
          end: fc.constantFrom('06:00', '02:45', '12:30'),
          weekdays: fc.option(fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 })),
        }),
      ),
    });
    const zone = fc.constantFrom('Europe/Lisbon', 'America/Chicago', 'Australia/Lord_Howe', 'UTC');
    fc.assert(
      fc.property(
        fc.array(layers, { minLength: 1, maxLength: 3 }),
        zone,
        fc.integer({ min: 0, max: 20 * 86_400_000 }),
        (list, timeZone, skip) => {
          const of = schedule({ layers: list, timeZone });
          const from = at('2026-10-15T00:00:00Z') + skip;
          const to = from + 10 * 86_400_000;
          const shifts = shiftsBetween(of, from, to);
          expect(shifts[0]?.from).toBe(from);
          expect(shifts.at(-1)?.to).toBe(to);
          for (const [index, shift] of shifts.entries()) {
            if (index > 0) expect(shift.from).toBe(shifts[index - 1]?.to);
            for (const instant of [shift.from, Math.floor((shift.from + shift.to) / 2), shift.to - 1]) {
              expect(onCallAt(of, instant)?.person).toBe(shift.duty?.person);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
