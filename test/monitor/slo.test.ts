import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BeatRollup } from '../../src/core/monitor.ts';
import { BURN_TABLE, budgetLeft, burnFactor, judgeSlo, tiersFor, worstMinutes } from '../../src/monitor/slo.ts';

const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-11-20T12:00:00Z');
const slo = { objective: 0.999, windowMs: 30 * DAY };

/** One look a minute for `lengthMs`; `bad` of them, the newest, found it down. */
function minutes(lengthMs: number, bad = 0, more: Partial<BeatRollup> = {}): BeatRollup[] {
  const count = lengthMs / MIN;
  return Array.from({ length: count }, (_, n) => {
    const down = n >= count - bad ? 1 : 0;
    return {
      monitorId: 'm',
      from: NOW - lengthMs + n * MIN,
      widthMs: MIN,
      up: 1 - down,
      down,
      unknown: 0,
      latencyCount: 0,
      latencySum: 0,
      latencyMin: null,
      latencyMax: null,
      resolveSum: null,
      connectSum: null,
      tlsSum: null,
      firstByteSum: null,
      transferSum: null,
      ...more,
    };
  });
}

describe('the table of burn rates', () => {
  const factors = (shares: readonly number[], days: number) =>
    BURN_TABLE.map(({ longMs }, n) => Math.round(burnFactor(shares[n] ?? 0, days * DAY, longMs) * 1_000) / 1_000);

  // The vectors of sloth's alert tests, which follow the workbook.
  it.each([
    { days: 30, shares: [0.02, 0.05, 0.1, 0.1], wanted: [14.4, 6, 3, 1] },
    { days: 28, shares: [0.02, 0.05, 0.1, 0.1], wanted: [13.44, 5.6, 2.8, 0.933] },
    { days: 7, shares: [0.08, 0.125, 0.2, 0.42], wanted: [13.44, 3.5, 1.4, 0.98] },
  ])('has the known factors over $days days', ({ days, shares, wanted }) => {
    expect(factors(shares, days)).toEqual(wanted);
    expect(tiersFor(days * DAY).map(({ factor }) => Math.round(factor * 1_000) / 1_000)).toEqual(wanted);
  });

  it('pairs each window with a twelfth of it', () => {
    for (const { longMs, shortMs } of BURN_TABLE) expect(longMs / shortMs).toBe(12);
    expect(BURN_TABLE.map(({ severity }) => severity)).toEqual(['high', 'high', 'medium', 'medium']);
  });
});

describe('an objective', () => {
  it('does not page for one failed look, which alone would exceed both windows', () => {
    const judged = judgeSlo(slo, minutes(3 * DAY, 1), NOW);
    expect(judged.tiers[0]?.long.rate).toBeGreaterThan(14.4);
    expect(judged.tiers[0]?.short.rate).toBeGreaterThan(14.4);
    expect(judged.state).toBe('calm');
  });

  it('pages for a fast burn, and is calm again once the short window is', () => {
    const outage = minutes(3 * DAY, 5);
    expect(judgeSlo(slo, outage, NOW)).toMatchObject({ state: 'burning', worst: { longMs: HOUR, severity: 'high' } });
    const later = [...outage, ...minutes(5 * HOUR).map((row) => ({ ...row, from: row.from + 5 * HOUR }))];
    expect(judgeSlo(slo, later, NOW + 20 * MIN).worst?.longMs).not.toBe(HOUR);
    expect(judgeSlo(slo, later, NOW + 5 * HOUR)).toMatchObject({ state: 'burning', worst: { severity: 'medium' } });
  });

  it('makes a ticket of a slow burn', () => {
    const rows = minutes(3 * DAY).map((row, n) => (n % 200 === 0 ? { ...row, up: 0, down: 1 } : row));
    expect(judgeSlo(slo, rows, NOW)).toMatchObject({ state: 'burning', worst: { severity: 'medium' } });
  });

  it('freezes where it cannot be measured, and does not resolve', () => {
    expect(judgeSlo(slo, [], NOW).state).toBe('frozen');
    const blind = minutes(HOUR, 0, { up: 0, unknown: 1 });
    const rows = [...minutes(3 * DAY).filter(({ from }) => from < NOW - HOUR), ...blind];
    expect(judgeSlo(slo, rows, NOW).state).toBe('frozen');
  });

  it('leaves maintenance out', () => {
    const rows = minutes(3 * DAY, 30);
    const window = [{ from: NOW - 30 * MIN, to: NOW - 20 * MIN }];
    expect(judgeSlo(slo, rows, NOW, window).tiers[0]?.long).toMatchObject({ bad: 20, total: 50 });
    expect(judgeSlo(slo, rows, NOW, [{ from: NOW - HOUR, to: NOW }]).state).toBe('frozen');
  });

  it('burns only with enough bad looks and both windows above the factor', () => {
    const look = fc.constantFrom<Partial<BeatRollup>>({}, {}, {}, { up: 0, down: 1 }, { up: 0, unknown: 1 });
    fc.assert(
      fc.property(fc.array(look, { maxLength: 400 }), (looks) => {
        const rows = minutes(400 * MIN).map((row, n) => ({ ...row, ...looks[n] }));
        const { state, worst } = judgeSlo(slo, rows, NOW);
        if (state !== 'burning') return;
        expect(worst?.long.bad).toBeGreaterThanOrEqual(3);
        expect(worst?.long.rate).toBeGreaterThan(worst?.factor ?? 0);
        expect(worst?.short.rate).toBeGreaterThan(worst?.factor ?? 0);
      }),
    );
  });

  it('has a budget, of which two monitors at once lose a minute once', () => {
    expect(budgetLeft(slo, { upMs: 30 * DAY, downMs: 0 })).toBe(1);
    expect(budgetLeft(slo, { upMs: 30 * DAY - 21.6 * MIN, downMs: 21.6 * MIN })).toBeCloseTo(0.5);
    expect(budgetLeft(slo, { upMs: 30 * DAY - 86.4 * MIN, downMs: 86.4 * MIN })).toBeCloseTo(-1);
    expect(budgetLeft(slo, { upMs: 0, downMs: 0 })).toBeNull();
    const both = worstMinutes([minutes(HOUR, 10), minutes(HOUR, 20)]);
    expect(both.reduce((sum, row) => sum + row.down, 0)).toBe(20);
  });
});
