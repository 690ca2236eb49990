import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import type { Incident } from '../../src/core/incident.ts';
import { signalsFromFindings } from '../../src/incidents/from-findings.ts';
import { changesOf } from '../../src/incidents/machine.ts';
import { byKey, counter, finding, NOON, shop } from './support.ts';

/** Audits one after the other; gives the incidents and what people were told. */
function run(...audits: Finding[][]): { incidents: Incident[]; told: string[] } {
  const newId = counter();
  const rows = new Map<string, Incident>();
  const told: string[] = [];
  for (const [index, findings] of audits.entries()) {
    const now = NOON + index * 60_000;
    const unresolved = byKey([...rows.values()]);
    const signals = signalsFromFindings({ target: shop, findings, unresolved, minSeverity: 'medium', now });
    for (const change of changesOf(unresolved, signals, newId, now)) {
      rows.set(change.incident.id, change.incident);
      if (change.tell) told.push(`${change.kind} ${change.incident.title}`);
    }
  }
  return { incidents: [...rows.values()], told };
}

const ok = finding({ status: 'pass' });
const csp = finding();
const hsts = finding({ check: 'headers.hsts', severity: 'medium' });

describe('incidents from an audit', () => {
  it('opens one incident per category, not one per finding', () => {
    const { incidents } = run([csp, hsts, finding({ check: 'tls.protocols', category: 'tls', severity: 'critical' })]);
    expect(incidents.map((one) => [one.key, one.severity])).toEqual([
      ['audit:shop-web:headers', 'high'],
      ['audit:shop-web:tls', 'critical'],
    ]);
    expect(incidents[0]?.labels).toMatchObject({ target: 'shop-web', service: 'shop', team: 'payments' });
  });

  it('resolves when nothing fails any more', () => {
    const { incidents, told } = run([csp, hsts], [ok, hsts], [ok, { ...hsts, status: 'pass' }]);
    expect(incidents).toHaveLength(1);
    expect(incidents[0]).toMatchObject({ state: 'resolved', resolvedAt: NOON + 120_000 });
    expect(told.map((one) => one.split(' ')[0])).toEqual(['open', 'resolve']);
  });

  it('tells of a second failure in a category that has an incident already', () => {
    const { told } = run([csp], [csp, hsts]);
    expect(told).toHaveLength(2);
    expect(told[1]).toContain('headers.hsts');
  });

  it('says nothing while nothing changes', () => {
    expect(run([csp], [csp], [csp]).told).toHaveLength(1);
  });

  it('does not open for what is unknown, waived or below the threshold', () => {
    const quiet: Finding[] = [
      { ...csp, status: 'unknown' },
      { ...hsts, status: 'waived' },
      finding({ check: 'headers.server', severity: 'low' }),
    ];
    expect(run(quiet).incidents).toEqual([]);
  });

  it('does not close while a cause cannot be looked at', () => {
    const { incidents, told } = run([csp], [{ ...csp, status: 'unknown' }]);
    expect(incidents[0]?.state).toBe('open');
    expect(told).toHaveLength(1);
    expect(run([csp], [{ ...csp, status: 'unknown' }], [ok]).incidents[0]?.state).toBe('resolved');
  });

  it('does not close what this audit did not run', () => {
    const { incidents } = run([csp], [finding({ check: 'headers.hsts', status: 'pass' })]);
    expect(incidents[0]?.state).toBe('open');
  });

  it('closes a failure whose subject is gone, unless part of its check was blind', () => {
    const cookie = finding({ check: 'headers.cookies', subject: 'sid' });
    const gone = finding({ check: 'headers.cookies', subject: '', status: 'pass' });
    const blind = finding({ check: 'headers.cookies', subject: '', status: 'unknown' });
    expect(run([cookie], [gone]).incidents[0]?.state).toBe('resolved');
    expect(run([cookie], [blind]).incidents[0]?.state).toBe('open');
  });

  it('closes what was waived meanwhile', () => {
    expect(run([csp], [{ ...csp, status: 'waived' }]).incidents[0]?.state).toBe('resolved');
  });

  it('keeps the severity of a cause that it cannot see at the moment', () => {
    const { incidents } = run([csp, hsts], [{ ...csp, status: 'unknown' }, hsts]);
    expect(incidents[0]?.severity).toBe('high');
  });
});
