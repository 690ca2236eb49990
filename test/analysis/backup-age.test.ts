import { describe, expect, it } from 'vitest';
import { dateInName, judgeBackups } from '../../src/analysis/backup-age.ts';

const CLOCK = Date.parse('2026-11-20T12:00:00Z');
const HOUR = 3_600_000;
const judge = (name: string, ageHours: number, bytes = 1_000) =>
  judgeBackups(
    {
      source: 'files',
      place: '*',
      clock: CLOCK,
      total: 1,
      candidates: [{ name, modifiedAt: CLOCK - ageHours * HOUR, bytes, head: null }],
    },
    100,
  )[0];

describe('dates in file names', () => {
  it.each([
    ['shop-2026-11-20.sql', '2026-11-20T00:00:00Z'],
    ['shop_20261120.sql', '2026-11-20T00:00:00Z'],
    ['shop-20261120T0215.sql', '2026-11-20T02:15:00Z'],
    ['2026.11.20-02h15.tar', '2026-11-20T02:15:00Z'],
  ])('reads %s', (name, start) => {
    expect(dateInName(`/b/${name}`)?.earliest).toBe(Date.parse(start) - 14 * HOUR);
  });

  it.each(['shop.sql', 'shop-20261350.sql', 'shop-2026-02-30.sql', 'id-120261120.sql', '/2026-11-20/shop.sql'])(
    'finds none in %s',
    (name) => {
      expect(dateInName(name)).toBeNull();
    },
  );
});

describe('the age of a backup', () => {
  it('is the older of its two witnesses', () => {
    expect(judge('shop-2026-10-01.sql', 1)?.ageMs).toBeGreaterThan(48 * 24 * HOUR);
    expect(judge('shop-2026-11-20.sql', 300)?.ageMs).toBe(300 * HOUR);
    expect(judge('shop.sql', 3)?.ageMs).toBe(3 * HOUR);
  });

  it('lies in the future only where no time zone explains it', () => {
    expect(judge('shop-2026-11-21.sql', 1)?.flaw).toBeNull();
    expect(judge('shop-2026-11-22.sql', 1)?.flaw).toBe('future-dated');
    expect(judge('shop.sql', -1)?.flaw).toBe('future-dated');
    expect(judge('shop.sql', -0.05)?.flaw).toBeNull();
  });

  it('knows what holds nothing', () => {
    expect(judge('shop.sql', 1, 0)?.flaw).toBe('empty');
    expect(judge('shop.sql', 1, 99)?.flaw).toBe('too-small');
    expect(judge('shop.sql', 1, 100)?.flaw).toBeNull();
  });
});
