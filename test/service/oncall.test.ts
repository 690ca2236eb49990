import { afterEach, describe, expect, it } from 'vitest';
import type {
  OnCallOverrideView,
  OnCallPersonView,
  OnCallScheduleView,
  RouteAnswerView,
} from '../../src/api/oncall.ts';
import type { PublicIncident } from '../../src/core/incident.ts';
import { readCalendar } from '../../src/time/calendar.ts';
import { startReceiver } from '../incidents/receiver.ts';
import { browser, startTestService, temporaryFolder } from './support.ts';

const cleanUp: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const work of cleanUp.splice(0).reverse()) await work();
});

async function begin() {
  const folder = temporaryFolder();
  const hook = await startReceiver(() => 204);
  const yaml = `
version: 1
services: [{ id: shop, name: Shop, owner: ana }]
targets: [{ id: job, service: shop, heartbeat: { every: 1h, grace: 5m } }]
alerting:
  channels: { hook: { webhook: { url: "${hook.url}/hook" } } }
  people: { ana: { name: Ana, channels: [hook] }, ben: { name: Ben, channels: [hook] } }
  schedules:
    primary: { timeZone: Europe/Lisbon, layers: [{ people: [ana], rotate: weekly, handoff: "Mon 09:00", from: 2026-01-05 }] }
  escalations: { default: { steps: [{ notify: [schedule:primary] }] } }
  routes: [{ match: { severity: [critical, high] }, escalation: default, groupWait: 0s }]
`;
  const { service } = await startTestService(folder.path, yaml);
  cleanUp.push(
    folder.remove,
    () => hook.close(),
    () => service.stop(),
  );
  return { hook, ...(await browser(service.loginUrl)) };
}

describe('on call', () => {
  it('says who is, takes an override, and says who would be told', async () => {
    const { call } = await begin();
    const onCall = async () =>
      (await call<{ items: OnCallScheduleView[] }>('GET', '/api/v1/oncall?days=7')).body.items[0];
    expect((await onCall())?.now).toMatchObject({ person: 'ana', name: 'Ana' });
    const told = async () => {
      const { body } = await call<RouteAnswerView>('POST', '/api/v1/route-test', {
        target: 'job',
        severity: 'critical',
      });
      return body.ways.flatMap((way) => way.steps.flatMap((step) => step.who));
    };
    expect(await told()).toEqual(['Ana (on call in primary) by hook']);
    const span = {
      startsAt: new Date(Date.now() - 60_000).toISOString(),
      endsAt: new Date(Date.now() + 3_600_000).toISOString(),
    };
    const taken = await call<OnCallOverrideView>('POST', '/api/v1/oncall/overrides', {
      schedule: 'primary',
      person: 'ben',
      ...span,
    });
    expect([taken.status, taken.body.active]).toEqual([201, true]);
    expect((await onCall())?.now).toMatchObject({ person: 'ben', until: span.endsAt });
    expect(await told()).toEqual(['Ben (on call in primary) by hook']);
    expect((await call('DELETE', `/api/v1/oncall/overrides/${taken.body.id}`)).status).toBe(204);
    expect((await onCall())?.now).toMatchObject({ person: 'ana' });
    const low = await call<RouteAnswerView>('POST', '/api/v1/route-test', { target: 'job', severity: 'low' });
    expect(low.body).toMatchObject({ nobody: 'no route matches', ways: [] });
  });

  it('refuses who and what it does not know', async () => {
    const { call } = await begin();
    const span = { startsAt: '2026-12-24T09:00:00Z', endsAt: '2099-12-26T09:00:00Z' };
    const wrong = [
      { schedule: 'primry', person: 'ben', ...span },
      { schedule: 'primary', person: 'eve', ...span },
      { schedule: 'primary', person: 'ben', startsAt: span.endsAt, endsAt: span.startsAt },
      { schedule: 'primary', person: 'ben', startsAt: '2020-01-01T00:00:00Z', endsAt: '2020-01-02T00:00:00Z' },
    ];
    for (const body of wrong) expect((await call('POST', '/api/v1/oncall/overrides', body)).status).toBe(422);
    expect((await call('POST', '/api/v1/route-test', { target: 'nope', severity: 'low' })).status).toBe(422);
  });
});

describe('alerts of others', () => {
  const alert = (more: object = {}, labels: object = {}) => ({
    labels: { alertname: 'DiskFull', service: 'shop', severity: 'page', instance: 'db1', ...labels },
    annotations: { summary: 'The disk of db1 is full', description: '/var has 1 % left' },
    startsAt: '2026-11-20T10:00:00.000Z',
    ...more,
  });
  const incidents = async (call: Awaited<ReturnType<typeof begin>>['call'], state: string) =>
    (await call<{ items: PublicIncident[] }>('GET', `/api/v1/incidents?state=${state}&limit=500`)).body.items;

  it('open an incident, tell people, and close it under the same key; repetitions are free', async () => {
    const { call, hook } = await begin();
    for (let n = 0; n < 3; n += 1) expect((await call('POST', '/api/v2/alerts', [alert()])).status).toBe(200);
    await hook.until((one) => one.all.length >= 1);
    const [open] = await incidents(call, 'open');
    expect(open).toMatchObject({
      severity: 'critical',
      title: 'The disk of db1 is full',
      service: 'shop',
      source: 'external',
    });
    expect(open?.timeline.filter(({ type }) => type === 'opened' || type === 'updated')).toHaveLength(1);
    await call('POST', '/api/v2/alerts', [alert({ endsAt: new Date(Date.now() - 1_000).toISOString() })]);
    await hook.until((one) => one.all.length >= 2);
    expect(hook.all.map((one) => [one.notification.type, one.notification.incidents[0]?.key])).toEqual([
      ['incident.opened', open?.key],
      ['incident.resolved', open?.key],
    ]);
  });

  it('come by the ten thousand', async () => {
    const { call, hook } = await begin();
    const storm = Array.from({ length: 10_000 }, (_, n) =>
      alert({}, { instance: `db${n}`, severity: n === 0 ? 'page' : 'warning' }),
    );
    expect((await call('POST', '/api/v2/alerts', storm)).status).toBe(200);
    await hook.until((one) => one.all.length >= 1);
    expect(await incidents(call, 'open')).toHaveLength(500);
    const ended = storm.map((one) => ({ ...one, endsAt: new Date(Date.now() - 1_000).toISOString() }));
    expect((await call('POST', '/api/v2/alerts', ended)).status).toBe(200);
    expect(await incidents(call, 'open')).toEqual([]);
  });

  it('are refused where they are none', async () => {
    const { call } = await begin();
    for (const body of [{}, [{}], [{ labels: {} }], [{ labels: { a: '' } }], [alert({ endsAt: 'soon' })]]) {
      expect((await call('POST', '/api/v2/alerts', body)).status).toBe(422);
    }
    expect(await incidents(call, 'open')).toEqual([]);
  });
});

describe('calendars', () => {
  it('of a schedule and of a person can be followed by their address, and by nobody without its key', async () => {
    const { call, origin } = await begin();
    const { body } = await call<{ items: OnCallScheduleView[]; people: OnCallPersonView[] }>('GET', '/api/v1/oncall');
    const addresses = [body.items[0]?.calendar ?? '', body.people.find(({ id }) => id === 'ana')?.calendar ?? ''];
    for (const [index, address] of addresses.entries()) {
      const answer = await fetch(new URL(address, origin));
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8']);
      const events = readCalendar(await answer.text(), 'UTC', Date.now(), Date.now() + 86_400_000);
      expect(events.map(({ summary }) => summary)).toContain(['Ana', 'on call: primary'][index]);
    }
    const wrong = [
      addresses[0]?.replace(/key=.*/, ''),
      addresses[0]?.replace(/key=./, 'key=x'),
      addresses[0]?.replace('primary', 'other'),
    ];
    for (const address of wrong) expect((await fetch(new URL(address ?? '', origin))).status).toBe(404);
    const ben = await fetch(new URL(body.people.find(({ id }) => id === 'ben')?.calendar ?? '', origin));
    expect(await ben.text()).not.toContain('BEGIN:VEVENT');
  });
});
