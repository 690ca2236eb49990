import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../src/core/duration.ts';
import { AppError, reasonOf } from '../../src/core/error.ts';
import { fingerprint } from '../../src/core/finding.ts';
import { formatSize, parseSize } from '../../src/core/size.ts';
import { applyWaivers, expiredWaivers, type Waiver } from '../../src/core/waiver.ts';
import { finding } from '../support/findings.ts';

describe('durations', () => {
  it.each([
    ['30s', 30_000],
    ['800ms', 800],
    ['1h30m', 5_400_000],
    ['14d', 1_209_600_000],
    ['1.5h', 5_400_000],
  ])('%s', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', '5', 's', '-5s', '5 s 5', '1h-30m', '5min', '٣s', '1e3s'])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it('never throws and never hangs', () => {
    fc.assert(fc.property(fc.string({ maxLength: 2_000 }), (text) => void parseDuration(text)));
    expect(parseDuration(`${'1h'.repeat(50_000)}x`)).toBeUndefined();
  });

  it.each([
    [480, '480 ms'],
    [200_000, '3m 20s'],
    [93_600_000, '1d 2h'],
  ])('%d is written %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
});

describe('sizes', () => {
  it.each([
    ['20', 20],
    ['10MB', 10_000_000],
    ['1GiB', 1_073_741_824],
    ['1.5 KiB', 1_536],
  ])('%s', (text, bytes) => expect(parseSize(text)).toBe(bytes));

  it.each(['', 'MB', '1XB', '-1MB', '1 2MB'])('refuses %j', (text) => expect(parseSize(text)).toBeUndefined());

  it('writes what it reads, to three digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), (bytes) => {
        expect(Math.abs((parseSize(formatSize(bytes)) ?? 0) - bytes)).toBeLessThanOrEqual(bytes * 0.005);
      }),
    );
  });
});

describe('waivers', () => {
  const waiver: Waiver = {
    check: 'headers.csp',
    target: 'shop-web',
    until: '2027-03-01',
    reason: 'rewrite',
    owner: 'ana',
  };
  const at = (text: string) => Date.parse(text);

  it('hold on their last day and not a moment longer', () => {
    expect(applyWaivers([finding()], [waiver], 'shop-web', at('2027-03-01T23:59:59.999Z'))).toMatchObject([
      { status: 'waived', waiver: { owner: 'ana' } },
    ]);
    expect(applyWaivers([finding()], [waiver], 'shop-web', at('2027-03-02T00:00:00Z'))).toMatchObject([
      { status: 'fail', waiver: null },
    ]);
  });

  it('cover their own target, subject and category only', () => {
    const now = at('2027-01-01T00:00:00Z');
    expect(applyWaivers([finding()], [waiver], 'other', now)[0]?.status).toBe('fail');
    expect(applyWaivers([finding({ subject: 'b' })], [{ ...waiver, subject: 'a' }], 'shop-web', now)[0]?.status).toBe(
      'fail',
    );
    expect(applyWaivers([finding()], [{ ...waiver, check: 'headers.*' }], 'shop-web', now)[0]?.status).toBe('waived');
    expect(applyWaivers([finding()], [{ ...waiver, check: 'head.*' }], 'shop-web', now)[0]?.status).toBe('fail');
  });

  it('never cover what nobody could look at', () => {
    expect(applyWaivers([finding({ status: 'unknown' })], [waiver], 'shop-web', 0)[0]?.status).toBe('unknown');
  });

  it('are named once they have run out and the failure is still there', () => {
    const late = at('2027-04-01T00:00:00Z');
    expect(expiredWaivers([finding()], [waiver], 'shop-web', late)).toEqual([waiver]);
    expect(expiredWaivers([finding({ status: 'pass' })], [waiver], 'shop-web', late)).toEqual([]);
  });
});

describe('fingerprints', () => {
  it('differ whenever a part differs, wherever the boundary lies', () => {
    expect(fingerprint('a', 'bc', 'd')).not.toBe(fingerprint('ab', 'c', 'd'));
    expect(fingerprint('headers.csp', 'shop-web', '')).toBe(fingerprint('headers.csp', 'shop-web', ''));
  });
});

describe('reasons', () => {
  it('follow the causes, on one line', () => {
    const root = new Error('connect ECONNREFUSED\n127.0.0.1:1');
    expect(reasonOf(new AppError('x', 'could not read the page', { cause: root }))).toBe(
      'could not read the page: connect ECONNREFUSED 127.0.0.1:1',
    );
    expect(reasonOf('text')).toBe('text');
  });
});
