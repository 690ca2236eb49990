import { describe, expect, it } from 'vitest';
import { carryOver } from '../../src/audit/carry-over.ts';
import type { FactBundle } from '../../src/core/facts/bundle.ts';
import type { FactKey } from '../../src/core/facts/index.ts';
import { hostProbe } from '../../src/probes/host/index.ts';
import type { Probe } from '../../src/probes/probe.ts';

const NOW = Date.parse('2026-11-01T00:00:00Z');
const HOUR = 3_600_000;
const plan = new Map<Probe, Set<FactKey>>([[hostProbe as Probe, new Set<FactKey>(['host.os', 'host.scan'])]]);
const scanned = (hoursAgo: number): FactBundle['facts'] => ({
  'host.scan': {
    ok: true,
    value: { searched: ['/'], privileged: [], packagesKnown: true, worldWritable: [], incomplete: null },
    at: NOW - hoursAgo * HOUR,
    ms: 5_000,
  },
});
const asked = (result: ReturnType<typeof carryOver>) => [...result.plan.values()].flatMap((keys) => [...keys]);

describe('the timetable of slow facts', () => {
  it('takes the search of six hours ago over, with its time, and asks for the rest', () => {
    const earlier = scanned(6);
    const result = carryOver(plan, earlier, NOW);
    expect(asked(result)).toEqual(['host.os']);
    expect(result.carried['host.scan']).toEqual(earlier['host.scan']);
  });

  it('searches again the day after', () => {
    const result = carryOver(plan, scanned(24), NOW);
    expect(asked(result)).toEqual(['host.os', 'host.scan']);
    expect(result.carried).toEqual({});
  });

  it('leaves it out of the first audit, and says so', () => {
    const result = carryOver(plan, null, NOW);
    expect(asked(result)).toEqual(['host.os']);
    expect(result.carried['host.scan']).toMatchObject({
      ok: false,
      absence: { reason: expect.stringContaining('first') },
    });
    // The audit after the first makes the search.
    expect(asked(carryOver(plan, result.carried, NOW + 6 * HOUR))).toEqual(['host.os', 'host.scan']);
  });

  it('does not try a search that was too long again at once, but one that nobody could begin', () => {
    const absent = (kind: 'timeout' | 'unreachable'): FactBundle['facts'] => ({
      'host.scan': { ok: false, absence: { kind, reason: 'x' }, at: NOW - HOUR, ms: 0 },
    });
    expect(asked(carryOver(plan, absent('timeout'), NOW))).toEqual(['host.os']);
    expect(asked(carryOver(plan, absent('unreachable'), NOW))).toEqual(['host.os', 'host.scan']);
  });
});
