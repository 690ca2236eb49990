import { describe, expect, it } from 'vitest';
import { REQUIREMENTS, type ReadinessInput, readinessOf } from '../../src/core/readiness.ts';
import { finding } from '../support/findings.ts';

const input: ReadinessInput = {
  service: { id: 'shop', owner: 'payments', runbook: null, hasMonitor: true, hasAlerting: false },
  findings: [],
  attestations: [],
  now: Date.parse('2026-11-20T12:00:00Z'),
};
const item = (id: string, change: Partial<ReadinessInput> = {}) =>
  readinessOf({ ...input, ...change }).find((one) => one.id === `readiness.${id}`);
const pipeline = (status: 'pass' | 'fail' | 'unknown', check = 'pipeline.exists') =>
  finding({ check, category: 'pipeline', status });

describe('readiness', () => {
  it('has every requirement once', () => {
    expect(new Set(REQUIREMENTS.map((one) => one.id)).size).toBe(REQUIREMENTS.length);
    expect(readinessOf(input)).toHaveLength(REQUIREMENTS.length);
  });

  it('is proven by checks only when all that were asked pass', () => {
    expect(item('pipeline', { findings: [pipeline('pass')] })?.status).toBe('met');
    expect(item('pipeline', { findings: [pipeline('pass'), pipeline('fail', 'pipeline.tests')] })).toMatchObject({
      status: 'not-met',
      evidence: 'pipeline.tests fails',
    });
    expect(item('pipeline', { findings: [pipeline('pass'), pipeline('unknown', 'pipeline.tests')] })?.status).toBe(
      'unknown',
    );
  });

  it('is not met by silence', () => {
    expect(item('pipeline')?.status).toBe('unknown');
    expect(item('tested-restore')).toMatchObject({ status: 'unknown', evidence: 'nobody has vouched for it' });
  });

  it('reads the configuration', () => {
    expect(item('owner')).toMatchObject({ status: 'met', evidence: 'owned by payments' });
    expect(item('alerts-with-severity-and-runbook')?.status).toBe('not-met');
    expect(item('on-call')?.status).toBe('not-met');
  });

  it('takes the newest word of a person until its last day', () => {
    const word = {
      item: 'readiness.tested-restore',
      service: 'shop',
      owner: 'ana',
      statement: 'restored and compared',
      evidence: 'drill of 3 November',
      validUntil: Date.parse('2026-11-21T00:00:00Z'),
    };
    expect(item('tested-restore', { attestations: [word] })).toMatchObject({
      status: 'met',
      by: 'ana',
      until: '2026-11-20',
    });
    expect(item('tested-restore', { attestations: [word], now: Date.parse('2026-11-21T00:00:00Z') })?.status).toBe(
      'not-met',
    );
    expect(item('tested-restore', { attestations: [{ ...word, service: 'other' }] })?.status).toBe('unknown');
  });
});
