import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alerting, Route } from '../../src/core/alerting.ts';
import type { Incident } from '../../src/core/incident.ts';
import { type PlanInput, plan, type Told } from '../../src/incidents/plan.ts';
import { NOON } from './support.ts';

const MIN = 60_000;
const route = (change: Partial<Route> = {}): Route => ({
  match: {},
  escalation: null,
  channel: 'hook',
  groupBy: ['service'],
  groupWaitMs: 0,
  groupIntervalMs: 0,
  repeatMs: null,
  continue: false,
  ...change,
});
const alerting = (change: Partial<Alerting> = {}): Alerting => ({
  channels: ['hook', 'pager', 'team'].map((id) => ({ id, kind: 'webhook', settings: {} })),
  people: [
    { id: 'ana', name: 'Ana', timeZone: null, channels: ['pager'] },
    { id: 'ben', name: 'Ben', timeZone: null, channels: ['team'] },
  ],
  schedules: [],
  escalations: [],
  routes: [route()],
  inhibit: [],
  maintenance: [],
  ...change,
});
const incident = (change: Partial<Incident> = {}): Incident => ({
  id: 'i1',
  key: 'monitor:shop-web',
  state: 'open',
  severity: 'high',
  title: 'Shop is down',
  labels: { service: 'shop', target: 'shop-web' },
  source: 'monitor',
  causes: [],
  openedAt: NOON,
  updatedAt: NOON,
  acknowledgedAt: null,
  resolvedAt: null,
  ...change,
});
const input = (change: Partial<PlanInput> = {}): PlanInput => ({
  incidents: [incident()],
  told: [],
  news: new Set(),
  alerting: alerting(),
  silences: [],
  maintenance: [],
  dependsOn: new Map(),
  takeovers: [],
  now: NOON,
  ...change,
});
const brief = (given: PlanInput): string[] =>
  plan(given).send.map((one) => `${one.type} ${one.channel} ${one.incidents.map((each) => each.id).join('+')}`);
/** What the outbox holds after a plan. */
const toldAfter = (given: PlanInput): Told[] => [
  ...given.told,
  ...plan(given).send.flatMap(({ channel, thread, type, incidents }) =>
    incidents.map((one) => ({ incidentId: one.id, channel, thread, type, at: given.now })),
  ),
];

describe('who is told', () => {
  it('tells the channel of the first route that matches, once', () => {
    const routes = [
      route({ match: { severity: ['critical'] }, channel: 'pager' }),
      route(),
      route({ channel: 'team' }),
    ];
    const given = input({ alerting: alerting({ routes }) });
    expect(brief(given)).toEqual(['incident.opened hook i1']);
    expect(brief({ ...given, told: toldAfter(given), now: NOON + 1000 })).toEqual([]);
  });

  it('goes on to the next route where one says so', () => {
    const routes = [route({ continue: true }), route({ channel: 'team' })];
    expect(brief(input({ alerting: alerting({ routes }) }))).toHaveLength(2);
  });

  it('says why nobody is told', () => {
    const none = plan(input({ alerting: alerting({ routes: [route({ match: { service: ['other'] } })] }) }));
    expect(none.hold).toEqual([{ incidentId: 'i1', way: '', reason: 'no route matches', until: null }]);
    const gone = plan(input({ alerting: alerting({ routes: [route({ channel: 'fax' })] }) }));
    expect(gone.send).toEqual([]);
    expect(gone.hold[0]?.reason).toContain('there is no channel "fax"');
  });

  it('waits for the group, then sends it as one message, and later ones after the interval', () => {
    const routes = [route({ groupWaitMs: 30_000, groupIntervalMs: 5 * MIN })];
    const two = [incident(), incident({ id: 'i2', key: 'b', openedAt: NOON + 10_000, updatedAt: NOON + 10_000 })];
    const given = input({ alerting: alerting({ routes }), incidents: two, now: NOON + 20_000 });
    expect(plan(given)).toMatchObject({ send: [], lookAgainAt: NOON + 30_000 });
    const due = { ...given, now: NOON + 30_000 };
    expect(brief(due)).toEqual(['incident.opened hook i1+i2']);
    const third = incident({ id: 'i3', key: 'c', openedAt: NOON + MIN, updatedAt: NOON + MIN });
    const more = { ...due, incidents: [...two, third], told: toldAfter(due), now: NOON + 2 * MIN };
    expect(plan(more).hold).toMatchObject([{ incidentId: 'i3', until: NOON + 30_000 + 5 * MIN }]);
    expect(brief({ ...more, now: NOON + 6 * MIN })).toEqual(['incident.opened hook i3']);
  });

  it('does not tell of what comes and goes more often than the interval', () => {
    const routes = [route({ groupIntervalMs: 5 * MIN })];
    const steady = input({ alerting: alerting({ routes }) });
    const told = toldAfter(steady);
    const thread = told[0]?.thread ?? '';
    const again = (at: number) => incident({ id: `f${at}`, key: 'flaps', openedAt: at, updatedAt: at });
    const first = NOON + 60 * MIN;
    const flapped = { ...steady, told, incidents: [incident(), again(first)] };
    expect(brief({ ...flapped, now: first })).toEqual([`incident.opened hook f${first}`]);
    const second = { ...flapped, incidents: [incident(), again(first + MIN)], spoken: new Map([[thread, first]]) };
    expect(plan({ ...second, now: first + MIN })).toMatchObject({
      send: [],
      hold: [{ incidentId: `f${first + MIN}`, until: first + 5 * MIN }],
    });
    expect(brief({ ...second, now: first + 5 * MIN })).toEqual([`incident.opened hook f${first + MIN}`]);
  });

  it('reminds until somebody acknowledges, and tells the channel of that', () => {
    const given = input({ alerting: alerting({ routes: [route({ repeatMs: 60 * MIN })] }) });
    const told = toldAfter(given);
    expect(plan({ ...given, told, now: NOON + MIN }).lookAgainAt).toBe(NOON + 60 * MIN);
    expect(brief({ ...given, told, now: NOON + 60 * MIN })).toEqual(['incident.updated hook i1']);
    const taken = incident({ state: 'acknowledged', acknowledgedAt: NOON + MIN });
    const next = { ...given, incidents: [taken], told, now: NOON + 60 * MIN };
    expect(brief(next)).toEqual(['incident.acknowledged hook i1']);
    expect(brief({ ...next, told: toldAfter(next), now: NOON + 900 * MIN })).toEqual([]);
  });

  it('resolves where it was told, wherever the routes lead by now, through a silence', () => {
    const given = input();
    const everything = { id: 's', match: {}, startsAt: NOON, endsAt: NOON + 9e6, comment: 'busy', by: 'ana' };
    const ended = input({
      incidents: [incident({ state: 'resolved', resolvedAt: NOON + MIN })],
      told: toldAfter(given),
      alerting: alerting({ routes: [route({ channel: 'team' })] }),
      silences: [everything],
      now: NOON + MIN,
    });
    expect(brief(ended)).toEqual(['incident.resolved hook i1']);
    expect(plan(ended).send[0]?.thread).toBe(given.told[0]?.thread ?? plan(given).send[0]?.thread);
    expect(brief({ ...ended, told: toldAfter(ended) })).toEqual([]);
  });
});

describe('who is not told', () => {
  it('holds what is silenced, and tells of it when the silence ends', () => {
    const silence = {
      id: 's',
      match: { service: ['shop'] },
      startsAt: NOON,
      endsAt: NOON + MIN,
      comment: 'deploy',
      by: 'ana',
    };
    const held = plan(input({ silences: [silence] }));
    expect(held).toMatchObject({ send: [], lookAgainAt: NOON + MIN });
    expect(held.hold[0]?.reason).toBe('silenced by ana: deploy');
    expect(brief(input({ silences: [silence], now: NOON + MIN }))).toEqual(['incident.opened hook i1']);
  });

  it('holds during a weekly maintenance window of the zone', () => {
    const when = { type: 'weekly' as const, weekdays: [7], start: '02:00', end: '04:00' };
    const maintenance = [{ match: { service: ['shop'] }, timeZone: 'Europe/Lisbon', when }];
    const sunday = Date.parse('2026-11-22T02:30:00Z');
    const during = plan(input({ alerting: alerting({ maintenance }), now: sunday }));
    expect(during.hold).toMatchObject([{ reason: 'maintenance window', until: Date.parse('2026-11-22T04:00:00Z') }]);
    expect(brief(input({ alerting: alerting({ maintenance }), now: sunday + 2 * 3_600_000 }))).toHaveLength(1);
  });

  it('holds during a maintenance window by cron, up to its last millisecond', () => {
    const when = { type: 'cron' as const, cron: '0 2 * * *', durationMs: 60 * MIN };
    const maintenance = [{ match: {}, timeZone: 'UTC', when }];
    const at = (text: string) => brief(input({ alerting: alerting({ maintenance }), now: Date.parse(text) })).length;
    expect(at('2026-11-22T01:59:59.999Z')).toBe(1);
    expect(at('2026-11-22T02:00:00Z')).toBe(0);
    expect(at('2026-11-22T02:59:59.999Z')).toBe(0);
    expect(at('2026-11-22T03:00:00Z')).toBe(1);
  });

  it('is inhibited by what explains it, and never both ways', () => {
    const tls = incident({
      id: 'i2',
      key: 'audit:shop-web:tls',
      labels: { target: 'shop-web', category: 'tls' },
      source: 'audit',
    });
    const rule = { when: { target: ['shop-web'] }, mute: { category: ['tls'] }, equal: ['target'] };
    const given = input({ incidents: [incident(), tls], alerting: alerting({ inhibit: [rule] }) });
    expect(brief(given)).toEqual(['incident.opened hook i1']);
    expect(plan(given).hold).toMatchObject([{ incidentId: 'i2', reason: 'inhibited by "Shop is down"' }]);
    const each = { when: {}, mute: {}, equal: [] };
    expect(plan({ ...given, alerting: alerting({ inhibit: [each] }) }).hold).toEqual([]);
  });

  it('is held while what it depends on is in trouble, and told when that recovers', () => {
    const database = incident({ id: 'db', key: 'monitor:db', title: 'DB is down', labels: { service: 'db' } });
    const dependsOn = new Map([['shop', ['db']]]);
    const given = input({ incidents: [incident(), database], dependsOn });
    expect(brief(given)).toEqual(['incident.opened hook db']);
    expect(plan(given).hold[0]?.reason).toContain('shop depends on db');
    expect(brief(input({ dependsOn }))).toEqual(['incident.opened hook i1']);
    const circle = new Map([
      ['shop', ['db']],
      ['db', ['shop']],
    ]);
    expect(plan({ ...given, dependsOn: circle }).hold).toEqual([]);
  });
});

describe('escalation', () => {
  const escalation = {
    id: 'default',
    steps: [
      { afterMs: 0, notify: [{ type: 'schedule' as const, id: 'primary' }] },
      { afterMs: 10 * MIN, notify: [{ type: 'person' as const, id: 'ben' }] },
    ],
    repeat: 1,
  };
  const schedule = {
    id: 'primary',
    timeZone: 'UTC',
    layers: [
      {
        people: ['ana'],
        rotate: 'weekly' as const,
        handoff: { weekday: 1, hour: 9, minute: 0 },
        from: '2026-11-02',
        restrict: null,
      },
    ],
    overrides: [],
  };
  const rules = alerting({
    routes: [route({ channel: null, escalation: 'default' })],
    escalations: [escalation],
    schedules: [schedule],
  });

  it('goes step by step, runs again, and ends', () => {
    let given = input({ alerting: rules });
    const seen: string[] = [];
    for (let minute = 0; minute <= 120; minute += 1) {
      given = { ...given, now: NOON + minute * MIN };
      for (const line of brief(given)) seen.push(`${minute} ${line}`);
      given = { ...given, told: toldAfter(given) };
    }
    expect(seen).toEqual([
      '0 incident.opened pager i1',
      '10 incident.escalated team i1',
      '20 incident.escalated pager i1',
      '30 incident.escalated team i1',
    ]);
  });

  it('stops when somebody acknowledges', () => {
    const given = input({ alerting: rules });
    const taken = incident({ state: 'acknowledged', acknowledgedAt: NOON + MIN });
    const later = input({ alerting: rules, incidents: [taken], told: toldAfter(given), now: NOON + 15 * MIN });
    expect(brief(later)).toEqual(['incident.acknowledged pager i1']);
  });

  it('passes over a step that reaches nobody, and says so', () => {
    const gap = { ...rules, schedules: [{ ...schedule, layers: [] }] };
    const given = input({ alerting: gap });
    expect(brief(given)).toEqual(['incident.opened team i1']);
    expect(plan(given).send[0]?.text).toContain('nobody is on call in primary');
    const nobody = plan(input({ alerting: { ...gap, people: [] } }));
    expect(nobody.hold[0]).toMatchObject({ unreachable: true });
  });
});

describe('whatever happens', () => {
  it('tells each channel once, holds with a reason or has told, and ends everything that it told', () => {
    const event = fc.record({
      after: fc.integer({ min: 0, max: 20 * MIN }),
      what: fc.constantFrom('open', 'close', 'ack', 'silence', 'reroute', 'tick', 'tick'),
      which: fc.integer({ min: 0, max: 4 }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const rows = new Map<string, Incident>();
        const silences: PlanInput['silences'][number][] = [];
        let told: Told[] = [];
        let now = NOON;
        let routes = [route({ groupWaitMs: 30_000, groupIntervalMs: 5 * MIN, repeatMs: 60 * MIN })];
        let opened = 0;
        const look = (): void => {
          const given = input({ incidents: [...rows.values()], told, alerting: alerting({ routes }), silences, now });
          const decided = plan(given);
          for (const one of decided.send) {
            for (const each of one.incidents) {
              const heard = told.filter(
                (line) => line.incidentId === each.id && line.thread === one.thread && line.channel === one.channel,
              );
              if (one.type === 'incident.resolved') expect(heard.length).toBeGreaterThan(0);
              expect(heard.some((line) => line.type === 'incident.resolved')).toBe(false);
              if (one.type === 'incident.opened') expect(heard).toEqual([]);
            }
          }
          told = toldAfter(given);
          expect(plan({ ...given, told }).send).toEqual([]);
          for (const row of rows.values()) {
            if (row.state !== 'open') continue;
            const spoken = told.some((line) => line.incidentId === row.id);
            const held = decided.hold.some((one) => one.incidentId === row.id && one.reason !== '');
            expect(spoken || held).toBe(true);
          }
        };
        for (const { after: wait, what, which } of events) {
          now += wait;
          const open = [...rows.values()].filter((row) => row.state !== 'resolved');
          const one = open[which % Math.max(1, open.length)];
          if (what === 'open') {
            opened += 1;
            const labels = { service: `s${which % 2}` };
            rows.set(
              `i${opened}`,
              incident({ id: `i${opened}`, key: `k${opened}`, labels, openedAt: now, updatedAt: now }),
            );
          } else if (what === 'close' && one) rows.set(one.id, { ...one, state: 'resolved', resolvedAt: now });
          else if (what === 'ack' && one?.state === 'open')
            rows.set(one.id, { ...one, state: 'acknowledged', acknowledgedAt: now });
          else if (what === 'silence')
            silences.push({
              id: '',
              match: { service: [`s${which % 2}`] },
              startsAt: now,
              endsAt: now + 10 * MIN,
              comment: 'x',
              by: 'y',
            });
          else if (what === 'reroute') routes = [route({ ...routes[0], channel: which % 2 ? 'team' : 'hook' })];
          look();
        }
        for (const row of rows.values()) rows.set(row.id, { ...row, state: 'resolved', resolvedAt: now });
        look();
        for (const line of told.filter((each) => each.type === 'incident.opened')) {
          const ends = told.filter(
            (each) =>
              each.type === 'incident.resolved' &&
              each.incidentId === line.incidentId &&
              each.channel === line.channel &&
              each.thread === line.thread,
          );
          expect(ends).toHaveLength(1);
        }
      }),
      { numRuns: 200 },
    );
  });
});
