import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import { STATUSES } from '../../src/core/finding.ts';
import { gradeOf, scoreCategories, scoreOf } from '../../src/core/score.ts';
import { SEVERITIES } from '../../src/core/severity.ts';
import { finding } from '../support/findings.ts';

const pass = (check: string, severity: Finding['severity'] = 'high') => finding({ check, severity, status: 'pass' });
const fail = (check: string, severity: Finding['severity'] = 'high') => finding({ check, severity });
const unknown = (check: string, severity: Finding['severity'] = 'high') =>
  finding({ check, severity, status: 'unknown' });

describe('a score', () => {
  it('is 100, A+, when everything passes', () => {
    expect(scoreOf([pass('a'), pass('b', 'critical')])).toEqual({
      score: 100,
      grade: 'A+',
      coverage: 1,
      cappedBy: null,
    });
  });

  it('weighs a check by its severity', () => {
    expect(scoreOf([pass('a', 'medium'), fail('b', 'low')]).score).toBe(67);
    expect(scoreOf([pass('a', 'low'), fail('b', 'medium')]).score).toBe(33);
  });

  it('counts a check once, however many subjects it has', () => {
    const one = scoreOf([pass('a'), fail('b', 'medium')]);
    const many = scoreOf([
      pass('a'),
      ...Array.from({ length: 9 }, (_, n) => finding({ check: 'b', severity: 'medium', subject: `${n}` })),
    ]);
    expect(many).toEqual(one);
  });

  it('gives part of the weight to a check that fails with less than its own severity', () => {
    const partly = [
      finding({ check: 'a', severity: 'high', status: 'pass' }),
      finding({ check: 'a', severity: 'low', subject: 'x' }),
    ];
    expect(scoreOf(partly).score).toBe(75);
  });

  it('keeps most of the weight of a check that fails with nothing but mild findings', () => {
    const mild = [pass('a', 'critical'), finding({ check: 'b', severity: 'low' })];
    expect(scoreOf(mild).score).toBe(89);
    expect(scoreOf(mild, (check) => (check === 'b' ? 'critical' : undefined)).score).toBe(94);
    expect(scoreOf([finding({ check: 'b', severity: 'info' })], () => 'high').score).toBe(100);
  });

  it('holds a target with a failing critical check at D, and says which check does', () => {
    const many = Array.from({ length: 30 }, (_, n) => pass(`p${n}`));
    expect(scoreOf([...many, fail('root-login', 'critical')])).toMatchObject({
      score: 59,
      grade: 'D',
      cappedBy: 'root-login',
    });
  });

  it('gives no A to a target with a failing check of high severity', () => {
    const many = Array.from({ length: 99 }, (_, n) => pass(`p${n}`));
    expect(scoreOf([...many, fail('csp')])).toMatchObject({ score: 87, grade: 'B+', cappedBy: 'csp' });
  });

  it('names no cap where the points alone are lower', () => {
    expect(scoreOf([pass('a'), fail('b', 'critical')]).cappedBy).toBeNull();
  });

  it('has no grade when less than half could be looked at', () => {
    expect(scoreOf([pass('a'), unknown('b'), unknown('c')])).toEqual({
      score: 100,
      grade: null,
      coverage: 0.33,
      cappedBy: null,
    });
  });

  it('is nothing at all when nothing could be looked at', () => {
    expect(scoreOf([unknown('a')])).toEqual({ score: null, grade: null, coverage: 0, cappedBy: null });
    expect(scoreOf([unknown('a', 'info')]).coverage).toBe(0);
  });

  it('leaves out what is waived, not applicable or information', () => {
    const rest = [
      finding({ check: 'w', status: 'waived' }),
      finding({ check: 'n', status: 'not-applicable' }),
      fail('i', 'info'),
    ];
    expect(scoreOf([pass('a'), ...rest])).toEqual(scoreOf([pass('a')]));
  });

  it('lists categories in the order of the catalogue', () => {
    const mixed = [finding({ check: 'tls.x', category: 'tls' }), finding({ check: 'headers.x' })];
    expect(scoreCategories(mixed).map((category) => category.id)).toEqual(['headers', 'tls']);
  });

  it('never rises when something gets worse', () => {
    const order = { pass: 0, fail: 1 } as const;
    const anyFindings = fc.array(
      fc.record({
        check: fc.constantFrom('a', 'b', 'c', 'd'),
        severity: fc.constantFrom(...SEVERITIES),
        status: fc.constantFrom(...STATUSES),
      }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(anyFindings, fc.nat(), (rows, pick) => {
        // One finding per check, so that turning a pass into a failure changes nothing but that.
        const list = [...new Map(rows.map((row) => [row.check, finding(row)])).values()];
        const chosen = list[pick % list.length];
        fc.pre(chosen !== undefined && chosen.status in order && chosen.status === 'pass');
        const before = scoreOf(list).score ?? 0;
        const after =
          scoreOf(list.map((one) => (one === chosen ? { ...one, status: 'fail' as const } : one))).score ?? 0;
        expect(after).toBeLessThanOrEqual(before);
      }),
    );
  });

  it('has a grade for every whole number', () => {
    for (let score = 0; score <= 100; score += 1) expect(gradeOf(score)).toMatch(/^[A-DF][+-]?$/);
    expect([gradeOf(97), gradeOf(96), gradeOf(84), gradeOf(80), gradeOf(51)]).toEqual(['A+', 'A', 'B+', 'B', 'F']);
  });
});
