import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Finding, STATUSES } from '../../src/core/finding.ts';
import { SEVERITIES } from '../../src/core/severity.ts';
import { type Standing, type TransitionSet, transitions } from '../../src/core/transition.ts';
import { finding } from '../support/findings.ts';

const CHECKS = ['headers.csp', 'headers.cookies'];
const audit: fc.Arbitrary<Finding[]> = fc.uniqueArray(
  fc
    .record({
      check: fc.constantFrom(...CHECKS),
      subject: fc.constantFrom('', 'sid', 'lang'),
      status: fc.constantFrom(...STATUSES),
      severity: fc.constantFrom(...SEVERITIES),
    })
    .map((change) => finding(change)),
  { selector: (one) => one.fingerprint, maxLength: 6 },
);
const audits = fc.array(fc.record({ findings: audit, scope: fc.constantFrom('full' as const, 'partial' as const) }), {
  maxLength: 8,
});

/** Where things stand after a transition set. */
function applied(standing: readonly Standing[], set: TransitionSet): Standing[] {
  const next = new Map(standing.map((entry) => [entry.fingerprint, entry]));
  for (const step of set.all) next.set(step.fingerprint, step.to);
  return [...next.values()];
}

describe('transitions', () => {
  it('lead to what the last full audit said, and from there nowhere', () => {
    fc.assert(
      fc.property(audits, audit, (history, last) => {
        let standing: Standing[] = [];
        for (const { findings, scope } of history) standing = applied(standing, transitions(standing, findings, scope));
        standing = applied(standing, transitions(standing, last));
        const present = standing.filter((entry) => entry.status !== 'gone');
        const told = (list: readonly Pick<Standing, 'fingerprint' | 'status' | 'severity'>[]) =>
          list.map((entry) => `${entry.fingerprint} ${entry.status} ${entry.severity}`).sort();
        expect(told(present)).toEqual(told(last));
        expect(transitions(standing, last).all).toEqual([]);
      }),
    );
  });

  it('open and close each finding in turn, so that every alert has its resolve', () => {
    fc.assert(
      fc.property(audits, (history) => {
        let standing: Standing[] = [];
        const open = new Set<string>();
        for (const { findings, scope } of history) {
          const set = transitions(standing, findings, scope);
          for (const { fingerprint } of set.opened) {
            expect(open.has(fingerprint)).toBe(false);
            open.add(fingerprint);
          }
          for (const { fingerprint } of set.closed) expect(open.delete(fingerprint)).toBe(true);
          standing = applied(standing, set);
          expect([...open].sort()).toEqual(
            standing
              .filter((entry) => entry.failing)
              .map((entry) => entry.fingerprint)
              .sort(),
          );
        }
      }),
    );
  });

  it('close nothing on the word of a check that could not look', () => {
    fc.assert(
      fc.property(audits, (history) => {
        let standing: Standing[] = [];
        for (const { findings, scope } of history) {
          const set = transitions(standing, findings, scope);
          for (const { to, finding: seen } of set.closed) {
            const blind = findings.some((one) => one.check === to.check && one.status === 'unknown');
            if (blind) expect(seen?.status).toMatch(/^(pass|not-applicable|waived)$/);
          }
          for (const { to } of set.lostCoverage) expect(to.status).toBe('unknown');
          standing = applied(standing, set);
        }
      }),
    );
  });

  it('call a check that had a verdict and has none now lost coverage, under whatever subject', () => {
    const before = transitions([], [finding({ check: 'headers.cookies', subject: 'sid', status: 'pass' })]).all;
    const now = [finding({ check: 'headers.cookies', status: 'unknown' })];
    const standing = before.map((step) => step.to);
    expect(transitions(standing, now).lostCoverage).toHaveLength(1);
    expect(transitions([], now).lostCoverage).toEqual([]);
  });

  it('call a change of severity a change, and a fail that is waived closed', () => {
    const standing = transitions([], [finding()]).all.map((step) => step.to);
    expect(transitions(standing, [finding({ severity: 'low' })]).changed).toHaveLength(1);
    const waived = transitions(standing, [finding({ status: 'waived' })]);
    expect([waived.closed.length, waived.changed.length]).toEqual([1, 0]);
  });
});
