import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBaseline, mergeBaseline, parseBaseline, toBaseline } from '../../src/core/baseline.ts';
import { type Finding, STATUSES } from '../../src/core/finding.ts';
import { type GatePolicy, gate, gateReportSchema } from '../../src/core/gate.ts';
import { SEVERITIES } from '../../src/core/severity.ts';
import { reportOf } from '../report/sample.ts';
import { finding } from '../support/findings.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const policy = (change: Partial<GatePolicy> = {}): GatePolicy => ({ failOn: 'high', waivers: [], now: NOW, ...change });
const baselineOf = (...findings: Finding[]) => parseBaseline(formatBaseline(toBaseline(reportOf(findings))), 'b.json');
const judge = (before: Finding[], after: Finding[], change: Partial<GatePolicy> = {}) =>
  gate(reportOf(after), baselineOf(...before), policy(change));

const csp = finding({ message: 'there is no policy' });
const pass = finding({ status: 'pass', message: 'good' });
const unknown = finding({ status: 'unknown', message: 'could not look: timed out' });
const cookie = (name: string, change: Partial<Finding> = {}) =>
  finding({ check: 'headers.cookies', subject: name, message: `cookie "${name}" has no Secure`, ...change });

describe('the gate', () => {
  it('is open for what was there before, however it is worded now', () => {
    const verdict = judge([csp], [{ ...csp, title: 'New title', message: 'other words', seen: 'other evidence' }]);
    expect(verdict).toMatchObject({ verdict: 'pass', regressions: [], reasons: [] });
    expect(verdict.existing).toHaveLength(1);
  });

  it('does not call known what is new and milder than it asks for', () => {
    const verdict = judge([csp], [csp, cookie('sid', { severity: 'low' })]);
    expect(verdict).toMatchObject({ verdict: 'pass', regressions: [], tolerated: [{ subject: 'sid' }] });
    expect(verdict.existing.map((one) => one.check)).toEqual(['headers.csp']);
  });

  it('is shut for a new failure, also of a check that failed before', () => {
    const verdict = judge([cookie('sid')], [cookie('sid'), cookie('cart')]);
    expect(verdict.verdict).toBe('fail');
    expect(verdict.regressions.map((one) => [one.target, one.subject])).toEqual([['shop-web', 'cart']]);
    expect(verdict.reasons).toEqual(['1 new failure at high or worse']);
  });

  it('looks only at severities from --fail-on', () => {
    const medium = cookie('cart', { severity: 'medium' });
    expect(judge([], [pass, medium]).verdict).toBe('pass');
    expect(judge([], [pass, medium], { failOn: 'medium' }).verdict).toBe('fail');
    expect(judge([], [pass, csp], { failOn: 'none' }).verdict).toBe('pass');
  });

  it('is shut when a known failure has become worse', () => {
    const verdict = judge([cookie('sid', { severity: 'medium' })], [cookie('sid', { severity: 'critical' })]);
    expect(verdict.regressions).toHaveLength(1);
    expect(judge([cookie('sid', { severity: 'critical' })], [cookie('sid', { severity: 'high' })]).verdict).toBe(
      'pass',
    );
  });

  it('names what was fixed, from the baseline where nothing is left of it', () => {
    const verdict = judge([cookie('sid'), csp], [cookie('', { status: 'pass', message: 'all good' }), pass]);
    expect(verdict.verdict).toBe('pass');
    expect(verdict.fixed.map((one) => [one.check, one.subject, one.message])).toEqual([
      ['headers.cookies', 'sid', 'no longer found'],
      ['headers.csp', '', 'good'],
    ]);
  });

  it('does not call fixed what was not asked', () => {
    expect(judge([cookie('sid'), csp], [pass]).fixed.map((one) => one.check)).toEqual(['headers.csp']);
  });

  it('is shut when what was seen can no longer be looked at', () => {
    const verdict = judge([pass, cookie('sid')], [unknown, cookie('sid')]);
    expect(verdict.verdict).toBe('fail');
    expect(verdict.lostCoverage.map((one) => one.check)).toEqual(['headers.csp']);
    expect(verdict.reasons[0]).toContain('can no longer be looked at');
    expect(judge([csp], [unknown, cookie('', { status: 'pass' })]).fixed).toEqual([]);
  });

  it('does not hold against a target what could not be seen before either', () => {
    expect(judge([unknown], [unknown, cookie('', { status: 'pass' })])).toMatchObject({
      verdict: 'pass',
      lostCoverage: [],
    });
  });

  it('could not look when nothing was reachable, or more is unknown than allowed', () => {
    expect(judge([pass], [unknown])).toMatchObject({
      verdict: 'could-not-look',
      reasons: ['nothing could be looked at'],
    });
    expect(gate({ ...reportOf([]), targets: [] }, null, policy()).verdict).toBe('could-not-look');
    const some = [pass, cookie('a', { status: 'unknown' }), cookie('b', { status: 'unknown' })];
    expect(judge(some, some, { maxUnknown: 2 }).verdict).toBe('pass');
    expect(judge(some, some, { maxUnknown: 1 })).toMatchObject({
      verdict: 'could-not-look',
      reasons: ['2 findings unknown, at most 1 allowed'],
    });
  });

  it('fails rather than could not look when there is both', () => {
    expect(judge([pass], [csp, cookie('a', { status: 'unknown' })], { maxUnknown: 0 }).verdict).toBe('fail');
  });

  it('holds every target to the least score', () => {
    expect(judge([csp], [csp], { minScore: 50 })).toMatchObject({
      verdict: 'fail',
      reasons: ['shop-web scores 0, at least 50 is asked for'],
    });
    expect(judge([pass], [pass], { minScore: 100 }).verdict).toBe('pass');
  });

  it('lets waived failures through, and names waivers that have run out', () => {
    const waiver = { check: 'headers.csp', until: '2026-11-19', reason: 'old', owner: 'ana' };
    const waived = finding({ status: 'waived', waiver: { until: '2026-12-01', reason: 'old', owner: 'ana' } });
    expect(judge([pass], [waived])).toMatchObject({ verdict: 'pass', regressions: [] });
    expect(judge([pass], [waived]).waived).toHaveLength(1);
    const expired = judge([waived], [csp], { waivers: [waiver] });
    expect(expired.verdict).toBe('fail');
    expect(expired.expiredWaivers).toEqual([waiver]);
    expect(expired.reasons).toContain('the waiver of headers.csp ran out on 2026-11-19 (ana)');
    expect(judge([csp], [csp], { waivers: [waiver] }).verdict).toBe('pass');
  });

  it('counts every failure as new without a baseline', () => {
    expect(gate(reportOf([csp, pass]), null, policy()).regressions).toHaveLength(1);
  });

  const anyFinding = fc
    .record({
      check: fc.constantFrom('headers.csp', 'headers.hsts', 'headers.cookies'),
      subject: fc.constantFrom('', 'a', 'b'),
      status: fc.constantFrom(...STATUSES),
      severity: fc.constantFrom(...SEVERITIES),
    })
    .map((given) => finding({ ...given, waiver: null }));
  const findings = fc.uniqueArray(anyFinding, { selector: (one) => one.fingerprint, maxLength: 9 });

  it('is open against itself, and says of each failure just one thing', () => {
    fc.assert(
      fc.property(findings, (same) => {
        const verdict = judge(same, same);
        expect([...verdict.regressions, ...verdict.lostCoverage, ...verdict.fixed]).toEqual([]);
      }),
    );
    fc.assert(
      fc.property(findings, findings, (before, after) => {
        const verdict = gateReportSchema.parse(judge(before, after));
        const failing = after.filter((one) => one.status === 'fail').map((one) => one.fingerprint);
        const said = [...verdict.regressions, ...verdict.tolerated, ...verdict.existing].map((one) => one.fingerprint);
        expect(said.sort()).toEqual(failing.sort());
        expect(verdict.fixed.filter((one) => failing.includes(one.fingerprint))).toEqual([]);
      }),
    );
  });
});

describe('a baseline', () => {
  const report = reportOf([
    csp,
    cookie('sid', { seen: 'Set-Cookie: sid=topsecret' }),
    finding({ check: 'headers.hsts', status: 'pass' }),
  ]);

  it('is one finding a line in an order of its own, without evidence', () => {
    const text = formatBaseline(toBaseline(report));
    const shuffled = formatBaseline(
      toBaseline({
        ...report,
        targets: report.targets.map((one) => ({ ...one, findings: [...one.findings].reverse() })),
      }),
    );
    expect(shuffled).toBe(text);
    expect(text).not.toContain('topsecret');
    expect(text.split('\n').filter((line) => line.includes('"fingerprint"'))).toHaveLength(3);
    expect(text).toMatch(/^\{"schemaVersion": 1,\n/);
  });

  it('comes back as it was, also from an audit report', () => {
    expect(parseBaseline(formatBaseline(toBaseline(report)), 'b')).toEqual(toBaseline(report));
    expect(parseBaseline(JSON.stringify(report), 'r')).toEqual(toBaseline(report));
    expect(parseBaseline(formatBaseline(toBaseline({ ...report, targets: [] })), 'b').findings).toEqual([]);
  });

  it('keeps what a partial update did not ask', () => {
    const older = toBaseline(report);
    const newer = toBaseline(reportOf([finding({ status: 'pass' })]));
    const merged = mergeBaseline(older, newer, new Set(['shop-web\0headers.csp']));
    expect(merged.findings.map((one) => [one.check, one.status])).toEqual([
      ['headers.cookies', 'fail'],
      ['headers.csp', 'pass'],
      ['headers.hsts', 'pass'],
    ]);
  });

  it.each([
    ['{', 'is not JSON'],
    ['<<<<<<< HEAD\n{}\n', 'conflict marks of a merge'],
    ['{"schemaVersion": 2}', 'is no baseline: schemaVersion'],
    ['[]', 'is no baseline'],
  ])('%j is refused with a reason', (text, reason) => {
    expect(() => parseBaseline(text, 'b.json')).toThrow(reason);
  });
});
