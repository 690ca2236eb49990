import { describe, expect, it } from 'vitest';
import type { Alerting, OnCallLayer } from '../../src/core/alerting.ts';
import { lintAlerting } from '../../src/incidents/lint.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const layer = (more: Partial<OnCallLayer> = {}): OnCallLayer => ({
  people: ['ana'],
  rotate: 'weekly',
  handoff: { weekday: 1, hour: 9, minute: 0 },
  from: '2026-01-05',
  restrict: null,
  ...more,
});
const alerting = (more: Partial<Alerting> = {}): Alerting => ({
  channels: [{ id: 'pager', kind: 'webhook', settings: {} }],
  people: [{ id: 'ana', name: 'Ana', timeZone: null, channels: ['pager'] }],
  schedules: [{ id: 'primary', timeZone: 'Europe/Lisbon', layers: [layer()], overrides: [] }],
  escalations: [{ id: 'default', steps: [{ afterMs: 0, notify: [{ type: 'schedule', id: 'primary' }] }], repeat: 0 }],
  routes: [
    {
      match: {},
      escalation: 'default',
      channel: null,
      groupBy: [],
      groupWaitMs: 0,
      groupIntervalMs: 0,
      repeatMs: null,
      continue: false,
    },
  ],
  inhibit: [],
  maintenance: [],
  ...more,
});
const said = (more: Partial<Alerting>) =>
  lintAlerting(alerting(more), NOW).map(({ path, message }) => `${path}: ${message}`);
const schedule = (layers: OnCallLayer[], timeZone = 'Europe/Lisbon') => ({
  schedules: [{ id: 'primary', timeZone, layers, overrides: [] }],
});

describe('the lint of alerting', () => {
  it('has nothing to say of one that reaches somebody at any time', () => {
    expect(said({})).toEqual([]);
  });

  it('names the first gap of a schedule, and how many there are', () => {
    const nights = layer({ restrict: { start: '18:00', end: '08:00', weekdays: null } });
    expect(said(schedule([nights]))).toEqual([
      expect.stringMatching(
        /^alerting\.schedules\.primary: nobody is on call from 2026-11-20 12:00 to 2026-11-20 18:00 \(Europe\/Lisbon\), and 366 more within a year$/,
      ),
    ]);
    expect(said(schedule([layer({ from: '2027-01-04' })]))[0]).toContain('from 2026-11-20 12:00 to 2027-01-04 09:00');
    expect(said(schedule([layer(), nights]))).toEqual([]);
  });

  it('names hand-offs at times that the clock skips or shows twice', () => {
    const daily = layer({ rotate: 'daily', handoff: { weekday: null, hour: 1, minute: 30 } });
    expect(said(schedule([daily]))).toEqual([
      'alerting.schedules.primary: layer 1: 01:30 on 2027-03-28 (Europe/Lisbon) does not exist: the hand-off is at 02:00',
      'alerting.schedules.primary: layer 1: 01:30 on 2027-10-31 (Europe/Lisbon) comes twice: the hand-off is at the first',
    ]);
    const sunday = layer({ handoff: { weekday: 7, hour: 2, minute: 15 } });
    expect(said(schedule([sunday], 'Australia/Lord_Howe')).join()).toContain(
      '02:15 on 2027-10-03 (Australia/Lord_Howe) does not exist: the hand-off is at 02:30',
    );
    expect(said(schedule([layer({ handoff: { weekday: 1, hour: 1, minute: 30 } })]))).toEqual([]);
  });

  it('names people whom nothing reaches, and policies that end in nobody', () => {
    const people = [{ id: 'ana', name: 'Ana', timeZone: null, channels: [] }];
    expect(said({ people, channels: [] })).toEqual([
      'alerting.people.ana: Ana has no channel, so nothing reaches them',
      'alerting.escalations.default: ends in nobody: none of its steps reaches a channel',
    ]);
    const steps = [
      { afterMs: 0, notify: [{ type: 'person' as const, id: 'gone' }] },
      { afterMs: 60_000, notify: [{ type: 'schedule' as const, id: 'primary' }] },
    ];
    expect(said({ escalations: [{ id: 'default', steps, repeat: 0 }] })).toEqual([
      'alerting.escalations.default.steps[0]: reaches nobody; the next step is taken at once',
    ]);
    expect(said(schedule([layer({ people: ['ana', 'gone'] })]))).toEqual([
      'alerting.schedules.primary: there is no person "gone"',
    ]);
  });

  it('names what is never used, and routes that are never taken or leave something out', () => {
    const [route] = alerting().routes;
    if (!route) throw new Error('no route');
    expect(said({ channels: [...alerting().channels, { id: 'spare', kind: 'webhook', settings: {} }] })).toEqual([
      'alerting.channels.spare: is never used',
    ]);
    expect(said({ routes: [route, { ...route, match: { service: ['shop'] } }] })).toEqual([
      'alerting.routes[1]: is never taken: route 1 takes everything before it',
    ]);
    expect(said({ routes: [{ ...route, match: { service: ['shop'] } }] })[0]).toContain(
      'what no route matches is told to nobody',
    );
    expect(said({ routes: [] })).toEqual([
      'alerting.routes: there is no route, so nobody is told of anything',
      'alerting.escalations.default: is never used',
    ]);
  });
});
