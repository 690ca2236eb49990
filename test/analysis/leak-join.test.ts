import { describe, expect, it } from 'vitest';
import { joinLeaks, type PlacedLeak } from '../../src/analysis/leak-join.ts';
import type { Finding } from '../../src/core/finding.ts';

const LEAK = '5f0c1e2d3b4a59687766554a';
function seen(target: string, check: string, subject: string, more: Partial<Finding> = {}): PlacedLeak {
  const finding: Finding = {
    ...{ fingerprint: `${target}${check}${subject}`, check, category: 'secrets', title: '', status: 'fail' },
    ...{ severity: 'high', subject, message: 'holds a token', references: [], waiver: null },
    details: { fingerprint: LEAK },
    ...more,
  };
  return { target, finding };
}

describe('one secret at several places', () => {
  it('is one leak: every finding names the others, and nothing else of it changes', () => {
    const tree = seen('repo', 'secrets.repository', 'a.ts:3');
    const host = seen('web-1', 'secrets.host-files', '/srv/.env');
    const [first, second] = joinLeaks([tree, host]);
    expect(first?.finding).toEqual({
      ...tree.finding,
      message: 'holds a token; also on the host in /srv/.env (web-1)',
      details: { fingerprint: LEAK, alsoIn: [{ target: 'web-1', check: 'secrets.host-files', subject: '/srv/.env' }] },
    });
    expect(second?.finding.message).toBe('holds a token; also in a.ts:3 (repo)');
  });

  it('rises a step above its worst place where it is both committed and served, by whichever check', () => {
    const tree = seen('repo', 'secrets.repository', 'a.ts:3', { severity: 'medium' });
    const served = seen('web', 'secrets.served-code', '/app.js:1', { severity: 'high' });
    const severities = (ones: PlacedLeak[]) => ones.map(({ finding }) => finding.severity);
    expect(severities(joinLeaks([tree, served]))).toEqual(['critical', 'critical']);
    expect(severities(joinLeaks([tree], [served])), 'the other one known from an earlier audit').toEqual(['critical']);
    expect(severities(joinLeaks([tree, served], [], ({ target }) => target !== 'repo'))).toEqual([
      'medium',
      'critical',
    ]);
    const env = seen('web', 'secrets.exposed-files', '/.env', {
      severity: 'medium',
      details: { leaks: ['0'.repeat(24), LEAK] },
    });
    expect(joinLeaks([tree, env])[0]?.finding).toMatchObject({ severity: 'high' });
    expect(joinLeaks([tree, env])[0]?.finding.message).toContain('both committed and served, hence high');
  });

  it('is not joined with another secret, nor with one that is accepted, waived or merely mentioned', () => {
    const tree = seen('repo', 'secrets.repository', 'a.ts:3');
    const other = seen('web', 'secrets.served-code', '/app.js:1', { details: { fingerprint: '0'.repeat(24) } });
    const waived = seen('web', 'secrets.served-code', '/app.js:2', { status: 'waived' });
    const unrelated = seen('web', 'headers.csp', '', { details: { fingerprint: LEAK } });
    expect(joinLeaks([tree, other, waived, unrelated])[0]).toBe(tree);
  });

  it('counts once per repository: the history mentions what the files still have, unless it is worse there', () => {
    const tree = seen('repo', 'secrets.repository', 'a.ts:3');
    const old = seen('repo', 'secrets.history', 'c0ffee:a.ts:3');
    const severities = (...ones: PlacedLeak[]) => joinLeaks(ones).map(({ finding }) => finding.severity);
    expect(severities(tree, old)).toEqual(['high', 'info']);
    expect(severities(tree, { ...old, target: 'other-repo' })).toEqual(['high', 'high']);
    expect(severities({ ...tree, finding: { ...tree.finding, severity: 'low' } }, old)).toEqual(['low', 'high']);
    expect(severities(old)).toEqual(['high']);
    expect(severities(tree, old, seen('web', 'secrets.served-code', '/app.js:1'))).toEqual([
      'critical',
      'info',
      'critical',
    ]);
  });
});
