import { describe, expect, it } from 'vitest';
import { HOLDS_MS, signalOf, silent } from '../../src/incidents/external.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');

describe('an alert of others', () => {
  it('is known by its labels, in any order', () => {
    const one = signalOf({ labels: { alertname: 'A', job: 'b' } }, NOW).signal;
    const same = signalOf(
      { labels: { job: 'b', alertname: 'A', empty: '' }, annotations: { summary: 'other' } },
      NOW,
    ).signal;
    const other = signalOf({ labels: { alertname: 'A', job: 'c' } }, NOW).signal;
    expect(same.key).toBe(one.key);
    expect(other.key).not.toBe(one.key);
  });

  it.each([
    ['critical', 'critical'],
    ['PAGE', 'critical'],
    ['warning', 'medium'],
    ['info', 'info'],
    ['sev-1 or so', 'high'],
    [undefined, 'high'],
  ] as const)('reads the severity %s as %s', (given, wanted) => {
    const labels: Record<string, string> = { alertname: 'A', ...(given === undefined ? {} : { severity: given }) };
    expect(signalOf({ labels }, NOW).signal.severity).toBe(wanted);
  });

  it('holds until the end that it names, or for five minutes', () => {
    const labels = { alertname: 'A' };
    expect(signalOf({ labels }, NOW).until).toBe(NOW + HOLDS_MS);
    expect(signalOf({ labels, endsAt: '0001-01-01T00:00:00Z' }, NOW)).toMatchObject({
      until: NOW + HOLDS_MS,
      signal: { kind: 'open' },
    });
    expect(signalOf({ labels, endsAt: '2026-11-20T12:04:00+00:00' }, NOW).until).toBe(NOW + 240_000);
    const over = signalOf({ labels, endsAt: '2026-11-20T11:59:00Z' }, NOW).signal;
    expect(over).toMatchObject({ kind: 'close', at: NOW - 60_000 });
    expect(silent(over.key, 'A', NOW)).toMatchObject({ kind: 'close', key: over.key });
  });

  it('does not begin in the future', () => {
    expect(signalOf({ labels: { alertname: 'A' }, startsAt: '2030-01-01T00:00:00Z' }, NOW).signal.at).toBe(NOW);
  });
});
