import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BeatState } from '../../src/core/monitor.ts';
import { maintenanceSpans } from '../../src/incidents/windows.ts';
import { monthIn } from '../../src/incidents/zone.ts';
import { type Change, together, union, uptimeOf } from '../../src/monitor/uptime.ts';

const T = Date.parse('2026-11-01T00:00:00Z');
const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;
const change = (at: number, toState: BeatState): Change => ({ at: T + at, toState });
const range = { from: T, to: T + 10 * HOUR };

describe('uptime', () => {
  it('is up over up and down, with unknown on neither side and told apart', () => {
    const changes = [
      change(-HOUR, 'up'),
      change(2 * HOUR, 'down'),
      change(3 * HOUR, 'unknown'),
      change(5 * HOUR, 'up'),
    ];
    expect(uptimeOf(changes, range, T + DAY)).toEqual({
      from: T,
      to: T + 10 * HOUR,
      upMs: 7 * HOUR,
      downMs: HOUR,
      unknownMs: 2 * HOUR,
      maintenanceMs: 0,
      uptime: 7 / 8,
      observed: 8 / 10,
    });
  });

  it('judges a young monitor by its own time and nothing by the future', () => {
    const young = uptimeOf([change(8 * HOUR, 'up'), change(9 * HOUR, 'down')], range, T + 9.5 * HOUR);
    expect(young).toMatchObject({ from: T + 8 * HOUR, to: T + 9.5 * HOUR, uptime: 2 / 3, observed: 1 });
    expect(uptimeOf([], range, T + DAY)).toMatchObject({ uptime: null, observed: null, upMs: 0 });
    expect(uptimeOf([change(-HOUR, 'down')], range, T - MIN)).toMatchObject({ uptime: null, downMs: 0 });
  });

  it('takes maintenance out of every side, overlapping windows once', () => {
    const windows = [
      { from: T + 2 * HOUR, to: T + 3 * HOUR },
      { from: T + 2.5 * HOUR, to: T + 4 * HOUR },
      { from: T + 2.6 * HOUR, to: T + 2.7 * HOUR },
    ];
    const changes = [change(-HOUR, 'up'), change(2 * HOUR, 'down'), change(4.5 * HOUR, 'up')];
    expect(uptimeOf(changes, range, T + DAY, windows)).toMatchObject({
      maintenanceMs: 2 * HOUR,
      downMs: HOUR / 2,
      upMs: 7.5 * HOUR,
    });
  });

  it('loses the time once when two monitors of a service are down at once', () => {
    const a = [change(0, 'up'), change(HOUR, 'down'), change(2 * HOUR, 'up')];
    const b = [change(0, 'up'), change(1.5 * HOUR, 'down'), change(2.5 * HOUR, 'up')];
    const both = together([a, b]);
    expect(both.map(({ at, toState }) => [(at - T) / HOUR, toState])).toEqual([
      [0, 'up'],
      [1, 'down'],
      [2.5, 'up'],
    ]);
    expect(uptimeOf(both, range, T + DAY).downMs).toBe(1.5 * HOUR);
  });

  it('adds up whatever happens: no time is lost or counted twice', () => {
    const span = fc
      .tuple(fc.nat(1_000), fc.nat(300))
      .map(([from, length]) => ({ from: T + from, to: T + from + length }));
    const states = fc.constantFrom<BeatState>('up', 'down', 'unknown');
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.integer({ min: -100, max: 1_200 }), states), {
          selector: ([at]) => at,
          maxLength: 30,
        }),
        fc.array(span, { maxLength: 10 }),
        fc.nat(1_200),
        (events, windows, now) => {
          const changes = events.map(([at, state]) => change(at, state)).sort((x, y) => x.at - y.at);
          const sum = uptimeOf(changes, { from: T, to: T + 1_000 }, T + now, windows);
          expect(sum.upMs + sum.downMs + sum.unknownMs + sum.maintenanceMs).toBe(sum.to - sum.from);
          for (const ms of [sum.upMs, sum.downMs, sum.unknownMs, sum.maintenanceMs])
            expect(ms).toBeGreaterThanOrEqual(0);
          // By the millisecond, as slow as it is sure.
          let down = 0;
          for (let at = sum.from; at < sum.to; at += 1) {
            const state = changes.findLast((one) => one.at <= at)?.toState;
            if (state === 'down' && !windows.some((one) => one.from <= at && at < one.to)) down += 1;
          }
          expect(sum.downMs).toBe(down);
          const merged = union(windows);
          for (const [index, one] of merged.entries()) expect(one.from).toBeGreaterThan(merged[index - 1]?.to ?? 0);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('the calendar', () => {
  const hours = (month: string, zone: string) => {
    const { from, to } = monthIn(month, zone);
    return (to - from) / HOUR;
  };

  it('knows months in which the clock is changed, and their ends', () => {
    expect(hours('2026-10', 'Europe/Lisbon')).toBe(31 * 24 + 1);
    expect(hours('2026-03', 'Europe/Lisbon')).toBe(31 * 24 - 1);
    expect(hours('2026-04', 'Australia/Lord_Howe')).toBe(30 * 24 + 0.5);
    expect(hours('2028-02', 'UTC')).toBe(29 * 24);
    expect(new Date(monthIn('2026-12', 'America/New_York').to).toISOString()).toBe('2027-01-01T05:00:00.000Z');
  });

  it('gives maintenance windows their real length when the clock is changed in them', () => {
    const october = monthIn('2026-10', 'Europe/Lisbon');
    const weekly = { type: 'weekly' as const, weekdays: [7], start: '00:30', end: '03:30' };
    const spans = maintenanceSpans({ match: {}, timeZone: 'Europe/Lisbon', when: weekly }, october.from, october.to);
    expect(spans.map(({ from, to }) => (to - from) / HOUR)).toEqual([3, 3, 3, 4]);
    const cron = { type: 'cron' as const, cron: '0 0 31 * *', durationMs: 2 * HOUR };
    const cronSpans = maintenanceSpans({ match: {}, timeZone: 'UTC', when: cron }, T - 60 * DAY, T + 62 * DAY);
    expect(cronSpans.map(({ from }) => new Date(from).toISOString().slice(0, 10))).toEqual([
      '2026-10-31',
      '2026-12-31',
    ]);
    const once = { type: 'once' as const, from: '2026-10-25T00:00', to: '2026-10-25T04:00' };
    const [only] = maintenanceSpans({ match: {}, timeZone: 'Europe/Lisbon', when: once }, october.from, october.to);
    expect(only && (only.to - only.from) / HOUR).toBe(5);
  });
});
