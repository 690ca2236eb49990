import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alerting, Route } from '../../src/core/alerting.ts';
import type { Incident } from '../../src/core/incident.ts';
import type { Spent } from '../../src/incidents/budget.ts';
import { type PlanInput, plan, type Told } from '../../src/incidents/plan.ts';
import { NOON } from './support.ts';

const MIN = 60_000;
const route = (change: Partial<Route> = {}): Route => ({
  match: {},
  escalation: null,
  channel: 'room',
  groupBy: ['target'],
  groupWaitMs: 0,
  groupIntervalMs: 0,
  repeatMs: null,
  continue: false,
  ...change,
});
const alerting = (change: Partial<Alerting> = {}): Alerting => ({
  channels: ['room', 'pager', 'mail', 'other'].map((id) => ({ id, kind: 'webhook', settings: {} })),
  people: [{ id: 'ana', name: 'Ana', timeZone: null, channels: ['pager', 'mail'] }],
  schedules: [],
  escalations: [
    {
      id: 'night',
      steps: [
        { afterMs: 0, notify: [{ type: 'person', id: 'ana' }] },
        { afterMs: 10 * MIN, notify: [{ type: 'channel', id: 'other' }] },
      ],
      repeat: 0,
    },
  ],
  routes: [route()],
  inhibit: [],
  maintenance: [],
  budget: {
    perPerson: { messages: 2, perMs: 60 * MIN },
    perChannel: { messages: 3, perMs: 10 * MIN },
    digestEveryMs: 5 * MIN,
  },
  ...change,
});
const incident = (n: number, change: Partial<Incident> = {}): Incident => ({
  id: `i${n}`,
  key: `monitor:t${n}`,
  state: 'open',
  severity: 'high',
  title: `t${n} is down`,
  labels: { service: `s${n}`, target: `t${n}` },
  source: 'monitor',
  causes: [],
  openedAt: NOON,
  updatedAt: NOON,
  acknowledgedAt: null,
  resolvedAt: null,
  ...change,
});

/** Plans over what earlier plans have written, as the store keeps it. */
function ground(of: Alerting, alone: ReadonlySet<string> = new Set()) {
  const incidents = new Map<string, Incident>();
  const told: Told[] = [];
  const spent: Spent[] = [];
  return {
    incidents,
    told,
    look(now: number) {
      const given: PlanInput = {
        incidents: [...incidents.values()],
        told,
        spent: spent.filter((one) => one.at >= now - 60 * MIN),
        alone,
        news: new Set(),
        alerting: of,
        silences: [],
        maintenance: [],
        dependsOn: new Map(),
        takeovers: [],
        now,
      };
      const decided = plan(given);
      for (const { channel, thread, type, incidents: about } of decided.send) {
        spent.push({ channel, type, at: now });
        for (const { id } of about) told.push({ incidentId: id, channel, thread, type, at: now });
      }
      return {
        ...decided,
        said: decided.send.map(
          (one) => `${one.type.replace('incident.', '')} ${one.channel} ${one.incidents.map(({ id }) => id).join(',')}`,
        ),
      };
    },
    add: (...list: Incident[]) => {
      for (const one of list) incidents.set(one.id, one);
    },
  };
}

describe('budgets', () => {
  it('tell the worst first, hold the rest with the reason, and tell it in one digest', () => {
    const it = ground(alerting());
    it.add(...[1, 2, 3, 4].map((n) => incident(n)), incident(5, { severity: 'critical', labels: {} }));
    const first = it.look(NOON);
    expect(first.said).toEqual(['opened room i5', 'opened room i1', 'opened room i2']);
    expect(first.hold).toEqual(
      ['i3', 'i4'].map((incidentId) => ({
        incidentId,
        way: 'channel:room',
        reason: 'the budget of channel room (3 in 10 min) is used up; it comes with the next digest',
        until: NOON + 5 * MIN,
        budget: true,
      })),
    );
    expect(first.lookAgainAt).toBe(NOON + 5 * MIN);
    it.add(incident(6));
    expect(it.look(NOON + MIN).said).toEqual([]);
    expect(it.look(NOON + 5 * MIN).said).toEqual(['digest room i3,i4,i6']);
    expect(it.look(NOON + 6 * MIN).said).toEqual([]);
    // Its end follows the digest, in the same thread, at once and for all that it told of in one message.
    for (const n of [1, 3, 4]) it.add(incident(n, { state: 'resolved', resolvedAt: NOON + 7 * MIN }));
    const end = it.look(NOON + 7 * MIN);
    expect(end.said).toEqual(['resolved room i1', 'resolved room i3,i4']);
    expect(end.send[1]?.thread).toBe('digest|room');
  });

  it('let the first critical incident of a service jump the queue, and not the second, and not for ever', () => {
    const it = ground(alerting());
    it.add(incident(1), incident(2), incident(3));
    expect(it.look(NOON).said).toHaveLength(3);
    it.add(incident(4, { severity: 'critical', labels: { service: 'shop', target: 'a' } }));
    it.add(incident(5, { severity: 'critical', labels: { service: 'shop', target: 'b' } }));
    it.add(incident(6, { labels: { service: 'bank', target: 'c' } }));
    const next = it.look(NOON + MIN);
    expect(next.said).toEqual(['opened room i4']);
    expect(next.hold.map((one) => one.incidentId)).toEqual(['i5', 'i6']);
    for (let n = 10; n < 20; n += 1) it.add(incident(n, { severity: 'critical' }));
    expect(it.look(NOON + 2 * MIN).said).toEqual(['opened room i10', 'opened room i11']);
  });

  it('count what reaches a person by two channels at once as one, and still run the next step', () => {
    const it = ground(alerting({ routes: [route({ channel: null, escalation: 'night' })] }));
    it.add(incident(1));
    expect(it.look(NOON).said).toEqual(['opened pager i1', 'opened mail i1']);
    it.add(incident(2));
    expect(it.look(NOON + MIN).said).toEqual(['opened pager i2', 'opened mail i2']);
    it.add(incident(3));
    const held = it.look(NOON + 2 * MIN);
    expect(held.said).toEqual([]);
    expect(held.hold.find((one) => one.incidentId === 'i3')?.reason).toMatch(/^the budget of Ana \(2 in 60 min\)/);
    expect(it.look(NOON + 6 * MIN).said).toEqual(['digest pager i3', 'digest mail i3']);
    expect(it.look(NOON + 10 * MIN).said).toEqual(['escalated other i1']);
    expect(it.look(NOON + 16 * MIN).said).toEqual(['escalated other i2', 'escalated other i3']);
  });

  it('leave channels alone whose service keeps an alert for each incident', () => {
    const it = ground(alerting(), new Set(['room']));
    it.add(...Array.from({ length: 30 }, (_, n) => incident(n)));
    expect(it.look(NOON).said).toHaveLength(30);
  });

  it('lose nothing: what stays open is told to every channel, and its end follows', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            afterMs: fc.integer({ min: 0, max: 4 * MIN }),
            severity: fc.constantFrom('critical' as const, 'high' as const, 'low' as const),
            service: fc.constantFrom('a', 'b', 'c'),
          }),
          { minLength: 1, maxLength: 40 },
        ),
        fc.integer({ min: 1, max: 4 }),
        (opened, messages) => {
          const allowance = { messages, perMs: 60 * MIN };
          const of = alerting({
            routes: [route({ continue: true }), route({ channel: null, escalation: 'night' })],
            budget: {
              perPerson: allowance,
              perChannel: { messages: messages * 2, perMs: 10 * MIN },
              digestEveryMs: 5 * MIN,
            },
          });
          const run = ground(of);
          let now = NOON;
          for (const [n, { afterMs, severity, service }] of opened.entries()) {
            now += afterMs;
            run.add(incident(n, { severity, openedAt: now, updatedAt: now, labels: { service, target: `t${n}` } }));
            run.look(now);
          }
          const last = now;
          for (let looks = 0; looks < 200; looks += 1) {
            const { lookAgainAt } = run.look(now);
            if (lookAgainAt === null) break;
            now = lookAgainAt;
          }
          for (const [n] of opened.entries()) {
            const channels = new Set(run.told.filter((one) => one.incidentId === `i${n}`).map((one) => one.channel));
            expect([...channels].sort()).toEqual(['mail', 'other', 'pager', 'room']);
          }
          // Nobody waits longer than for the next digest.
          for (const one of run.told.filter(({ channel }) => channel === 'room')) {
            expect(one.at).toBeLessThanOrEqual(last + 5 * MIN);
          }
          for (const [id, one] of run.incidents) run.incidents.set(id, { ...one, state: 'resolved', resolvedAt: now });
          run.look(now);
          for (const [n] of opened.entries()) {
            const ends = run.told.filter((one) => one.incidentId === `i${n}` && one.type === 'incident.resolved');
            expect(new Set(ends.map((one) => one.channel)).size).toBe(4);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
