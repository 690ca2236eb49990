import { describe, expect, it } from 'vitest';
import type { Alerting } from '../../src/core/alerting.ts';
import type { Incident } from '../../src/core/incident.ts';
import { missingSteps } from '../../src/incidents/missing-steps.ts';
import { type PlanInput, plan, type Told } from '../../src/incidents/plan.ts';
import { NOON } from './support.ts';

const MIN = 60_000;
const alerting: Alerting = {
  channels: ['pager', 'team', 'boss'].map((id) => ({ id, kind: 'webhook', settings: {} })),
  people: [],
  schedules: [],
  escalations: [
    {
      id: 'night',
      steps: ['pager', 'team', 'boss'].map((id, n) => ({
        afterMs: n * 5 * MIN,
        notify: [{ type: 'channel' as const, id }],
      })),
      repeat: 1,
    },
  ],
  routes: [
    {
      match: {},
      escalation: 'night',
      channel: null,
      groupBy: [],
      groupWaitMs: 30_000,
      groupIntervalMs: 0,
      repeatMs: null,
      continue: false,
    },
  ],
  inhibit: [],
  maintenance: [],
};
const incident: Incident = {
  id: 'i1',
  key: 'monitor:shop',
  state: 'open',
  severity: 'high',
  title: 'Shop is down',
  labels: { service: 'shop' },
  source: 'monitor',
  causes: [],
  openedAt: NOON,
  updatedAt: NOON,
  acknowledgedAt: null,
  resolvedAt: null,
};
const rules = { alerting, silences: [], maintenance: [], dependsOn: new Map<string, string[]>() };

/** What the planner tells until `end` when it is called whenever it wishes. */
function history(end: number): Told[] {
  const told: Told[] = [];
  for (let now: number | null = NOON; now !== null && now <= end; ) {
    const at: number = now;
    const input: PlanInput = { ...rules, incidents: [incident], told, news: new Set(), takeovers: [], now: at };
    const decided = plan(input);
    for (const { channel, thread, type } of decided.send) told.push({ incidentId: 'i1', channel, thread, type, at });
    now = decided.send.length > 0 ? at + 1 : decided.lookAgainAt;
  }
  return told;
}
const missing = (told: readonly Told[], now: number, more: Partial<Parameters<typeof missingSteps>[0]> = {}) =>
  missingSteps({ incidents: [incident], told, rules, takeovers: [], now, ...more }).map(
    ({ step, channel }) => `${step} ${channel}`,
  );

describe('missing steps', () => {
  it('finds none where the planner did its work, at any time', () => {
    for (let now = NOON; now < NOON + 90 * MIN; now += 30_000) expect(missing(history(now), now)).toEqual([]);
  });

  it('finds each step whose message is not there, once it is late', () => {
    const told = history(NOON + 60 * MIN);
    expect(told.map((one) => one.channel)).toEqual(['pager', 'team', 'boss', 'pager', 'team', 'boss']);
    for (const [gone, { channel, at }] of told.entries()) {
      const rest = told.filter((one, index) => index !== gone && one.at <= at);
      expect(missing(rest, at + 59_000), `${channel} is not late`).toEqual([]);
      expect(missing(rest, at + 2 * MIN).map((one) => one.split(' ')[1])).toEqual([channel]);
    }
    expect(missing([], NOON + 3 * MIN)).toEqual(['1 pager']);
  });

  it('misses nothing of what is held, taken by somebody, or over', () => {
    const now = NOON + 30 * MIN;
    const silence = { match: { service: ['shop'] }, startsAt: NOON, endsAt: now + MIN, by: 'ana', comment: 'known' };
    expect(missing([], now)).not.toEqual([]);
    expect(missing([], now, { rules: { ...rules, silences: [{ id: 's', ...silence }] } })).toEqual([]);
    expect(missing([], now, { rules: { ...rules, silences: [{ id: 's', ...silence, endsAt: now - 1 }] } })).toEqual([]);
    for (const state of ['acknowledged', 'resolved'] as const) {
      expect(missing([], now, { incidents: [{ ...incident, state }] })).toEqual([]);
    }
  });
});
