import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MonitorState } from '../../src/core/monitor.ts';
import { afterTally, afterVerdict, type Mode, type SelfVerdict, tally } from '../../src/monitor/breaker.ts';
import { newState } from '../../src/monitor/step.ts';

const T = Date.parse('2026-11-20T12:00:00Z');
const calm: Mode = { kind: 'calm', trustedUntil: 0 };
const fine: SelfVerdict = { kind: 'fine' };
const broken: SelfVerdict = { kind: 'broken', reason: 'no gateway', loopbackToo: false };
const ids = (count: number) => Array.from({ length: count }, (_, n) => `m${n}`);
const counted = (failing: number, watched: number) => ({ watched, failing: ids(failing) });

/** `u` up lately, `d` down since half a minute, `D` down for an hour, `s` not looked at for an hour. */
function fleet(letters: string) {
  return [...letters].map((letter, n) => {
    const down = letter === 'd' || letter === 'D';
    const since = letter === 'd' ? T - 30_000 : T - 3_600_000;
    const state: MonitorState = {
      ...newState(`m${n}`, since),
      streak: { state: down ? 'down' : 'up', count: 2, since },
      lastBeatAt: letter === 's' ? T - 3_600_000 : T - 1_000,
    };
    return { spec: { id: `m${n}`, everyMs: 30_000, downAfter: 3 }, state };
  });
}

describe('counting what fails together', () => {
  it('leaves out what has been down for longer and what nobody looked at', () => {
    expect(tally(fleet('uuddDDs'), T)).toEqual({ watched: 4, failing: ['m2', 'm3'] });
  });
});

describe('the breaker', () => {
  const trip = (failing: number, watched: number, verdict: SelfVerdict = fine) => {
    const checking = afterTally(calm, counted(failing, watched), new Set(), T);
    return checking.kind === 'checking' ? afterVerdict(checking, verdict, T) : checking;
  };

  it('asks from one half on, and makes one incident of five and more', () => {
    expect(trip(4, 9).kind).toBe('calm');
    expect(trip(5, 10)).toMatchObject({ kind: 'mass', members: ids(5) });
    expect(trip(4, 4).kind).toBe('calm');
    expect(trip(1, 1, broken).kind).toBe('blind');
    expect(trip(10, 10, { kind: 'unsure', reason: 'no gateway' })).toMatchObject({ kind: 'mass', note: 'no gateway' });
  });

  it('does not ask again at once after a verdict, but for a larger failure', () => {
    const trusted = trip(4, 4);
    expect(afterTally(trusted, counted(4, 4), new Set(), T + 1_000).kind).toBe('calm');
    expect(afterTally(trusted, counted(5, 5), new Set(), T + 1_000).kind).toBe('checking');
    expect(afterTally(trusted, counted(4, 4), new Set(), T + 31_000).kind).toBe('checking');
    // A clock that was set back an hour does not prolong the trust.
    expect(afterTally(trusted, counted(4, 4), new Set(), T - 3_600_000).kind).toBe('checking');
  });

  it('ends a mass failure when no more than a quarter of its members fails', () => {
    const mass = trip(8, 8);
    expect(afterTally(mass, counted(0, 8), new Set(ids(3)), T).kind).toBe('mass');
    expect(afterTally(mass, counted(0, 8), new Set(ids(2)), T).kind).toBe('calm');
  });

  it('never has an incident for few, is never blind without a broken verdict and comes to rest', () => {
    const event = fc.oneof(
      fc.record({ failing: fc.nat(20), watched: fc.nat(20), still: fc.nat(20) }),
      fc.constantFrom<SelfVerdict>(fine, broken, { kind: 'unsure', reason: 'no gateway' }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let mode: Mode = calm;
        for (const [n, one] of events.entries()) {
          const now = T + n * 1_000;
          const before: Mode = mode;
          mode =
            'kind' in one
              ? afterVerdict(mode, one, now)
              : afterTally(
                  mode,
                  counted(Math.min(one.failing, one.watched), one.watched),
                  new Set(ids(one.still)),
                  now,
                );
          if (mode.kind === 'mass') expect(mode.members.length).toBeGreaterThanOrEqual(5);
          if (mode.kind === 'blind' && before.kind !== 'blind') expect(one).toEqual(broken);
        }
        const later = T + 3_600_000;
        const rested = afterTally(
          afterVerdict(afterVerdict(mode, fine, later), fine, later),
          counted(0, 20),
          new Set(),
          later,
        );
        expect(rested.kind).toBe('calm');
      }),
    );
  });
});
