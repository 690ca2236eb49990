import { describe, expect, it } from 'vitest';
import { defineCheck } from '../../src/core/check.ts';
import { evaluate } from '../../src/core/evaluate.ts';
import type { FactBundle } from '../../src/core/facts/bundle.ts';
import { exampleHttp } from '../../src/core/facts/examples.ts';
import { fail, type Outcomes, pass } from '../../src/core/outcome.ts';
import { exampleTarget } from '../support/targets.ts';

const target = exampleTarget({ needs: ['http'] });
const bundle = (http: FactBundle['facts']['http']): FactBundle => ({
  targetId: target.id,
  kind: 'endpoint',
  collectedAt: 0,
  facts: http ? { http } : {},
});
const page: FactBundle['facts']['http'] = { ok: true, value: exampleHttp({}), at: 0, ms: 0 };

function checkThat(judge: () => Outcomes) {
  return defineCheck({
    id: 'headers.sample',
    title: 'Sample',
    category: 'headers',
    severity: 'high',
    since: '0.1.0',
    rationale: '',
    remediation: 'mend it',
    references: ['https://example.org/'],
    needs: ['http'],
    evaluate: judge,
    examples: [
      { name: 'p', facts: { http: exampleHttp({}) }, status: 'pass' },
      { name: 'f', facts: { http: exampleHttp({}) }, status: 'fail' },
    ],
  });
}

function findings(judge: () => Outcomes, facts = bundle(page), change: { severity?: 'low'; enabled?: boolean } = {}) {
  return evaluate({
    target,
    bundle: facts,
    checks: [checkThat(judge)],
    settings: () => ({ enabled: true, options: {}, ...change }),
    now: 0,
  });
}

describe('evaluating', () => {
  it('gives one finding per subject, with what to do on failures only', () => {
    const [first, second] = findings(() => [pass('fine', { subject: 'a' }), fail('b', 'bad', { severity: 'medium' })]);
    expect(first).toMatchObject({ subject: 'a', status: 'pass', severity: 'high' });
    expect(first).not.toHaveProperty('remediation');
    expect(second).toMatchObject({ subject: 'b', status: 'fail', severity: 'medium', remediation: 'mend it' });
  });

  it('says unknown, with the reason, where a fact is missing', () => {
    const absent = { ok: false, absence: { kind: 'timeout', reason: 'timed out after 5 s' }, at: 0, ms: 0 } as const;
    expect(findings(() => pass('never asked'), bundle(absent))).toMatchObject([
      { status: 'unknown', message: 'could not look: timed out after 5 s', details: { absence: 'timeout' } },
    ]);
    expect(findings(() => pass('never asked'), bundle(undefined))).toMatchObject([{ status: 'unknown' }]);
  });

  it('says not applicable where the target has no such thing', () => {
    const absent = {
      ok: false,
      absence: { kind: 'not-applicable', reason: 'this port speaks SSH' },
      at: 0,
      ms: 0,
    } as const;
    expect(findings(() => pass(''), bundle(absent))).toMatchObject([
      { status: 'not-applicable', message: 'this port speaks SSH' },
    ]);
  });

  it('turns a check that throws into unknown, never into a pass', () => {
    const thrown = findings(() => {
      throw new TypeError('x is undefined');
    });
    expect(thrown).toMatchObject([{ status: 'unknown', message: expect.stringContaining('x is undefined') }]);
  });

  it('keeps two findings with the same subject apart', () => {
    const both = findings(() => [fail('cookie "sid"', 'no Secure'), fail('cookie "sid"', 'no HttpOnly')]);
    expect(new Set(both.map((one) => one.fingerprint)).size).toBe(2);
  });

  it('keeps the fingerprint when wording, severity and evidence change', () => {
    const [before] = findings(() => fail('sid', 'no Secure', { seen: 'a' }));
    const [after] = findings(() => fail('sid', 'Secure is missing', { seen: 'b', severity: 'low' }));
    expect(after?.fingerprint).toBe(before?.fingerprint);
  });

  it('follows the configuration in severity and in leaving a check out', () => {
    expect(findings(() => fail('', 'bad'), bundle(page), { severity: 'low' })).toMatchObject([{ severity: 'low' }]);
    expect(findings(() => fail('', 'bad'), bundle(page), { enabled: false })).toEqual([]);
  });
});

describe('the types of a check', () => {
  it('refuse a fact that was not declared and a check without a failing example', () => {
    const base = {
      id: 'headers.sample',
      title: '',
      category: 'headers',
      severity: 'low',
      since: '0.1.0',
      rationale: '',
      remediation: '',
      references: ['https://example.org/'],
      needs: ['http'],
    } as const;
    const passing = { name: 'p', facts: { http: exampleHttp({}) }, status: 'pass' } as const;
    const failing = { name: 'f', facts: { http: exampleHttp({}) }, status: 'fail' } as const;
    // @ts-expect-error tls is not among its needs
    defineCheck({ ...base, evaluate: ({ tls }) => pass(String(tls)), examples: [passing, failing] });
    // @ts-expect-error there is no failing example
    defineCheck({ ...base, evaluate: () => pass(''), examples: [passing] });
    // @ts-expect-error a failure needs a subject and a message
    expect(() => fail()).not.toThrow();
  });
});
