import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timelineOf } from '../../src/analysis/certificate-timeline.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const of = (lifetimeMs: number) => ({ notBefore: 0, notAfter: lifetimeMs });

describe('the time line of a certificate', () => {
  it.each([
    ['90 days, 31 left', 90 * DAY, 31 * DAY, 'fresh'],
    ['90 days, 27 left', 90 * DAY, 27 * DAY, 'renewal-due'],
    ['90 days, 14 left', 90 * DAY, 14 * DAY, 'expiring'],
    ['47 days, 18 left', 47 * DAY, 18 * DAY, 'fresh'],
    ['47 days, 12 left', 47 * DAY, 12 * DAY, 'renewal-due'],
    ['6 days, 3 left', 6 * DAY, 3 * DAY, 'fresh'],
    ['6 days, 20 hours left', 6 * DAY, 20 * HOUR, 'expiring'],
    ['6 days, 6 hours left', 6 * DAY, 6 * HOUR, 'last-moment'],
    ['398 days, 60 left', 398 * DAY, 60 * DAY, 'expiring'],
    ['90 days, just over', 90 * DAY, 0, 'expired'],
    ['not begun', 90 * DAY, 91 * DAY, 'not-yet-valid'],
  ])('%s', (_, lifetimeMs, leftMs, state) => {
    expect(timelineOf(of(lifetimeMs), lifetimeMs - leftMs).state).toBe(state);
  });

  it('only ever gets worse with time', () => {
    const order = ['not-yet-valid', 'fresh', 'renewal-due', 'expiring', 'last-moment', 'expired'];
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 * DAY }),
        fc.integer({ min: -DAY, max: 500 * DAY }),
        fc.nat(),
        (life, at, later) => {
          const rank = (now: number) => order.indexOf(timelineOf(of(life), now).state);
          expect(rank(at + later)).toBeGreaterThanOrEqual(rank(at));
        },
      ),
    );
  });
});
