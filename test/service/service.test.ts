import { writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { GateAnswer } from '../../src/api/gate.ts';
import type { MonitorItem, UptimeItem } from '../../src/api/monitors.ts';
import type {
  AuditItem,
  FleetScorecard,
  ListedFinding,
  ServiceScorecard,
  TargetDetail,
} from '../../src/api/schemas.ts';
import type { PublicIncident } from '../../src/core/incident.ts';
import type { TargetReport } from '../../src/core/report.ts';
import { startReceiver } from '../incidents/receiver.ts';
import { browser, startSite, startTestService, temporaryFolder } from './support.ts';

interface Page<T> {
  items: T[];
  nextCursor: string | null;
}
const cleanUp: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const work of cleanUp.splice(0).reverse()) await work();
});

const GOOD = { 'X-Content-Type-Options': 'nosniff' };

async function begin(yaml: (site: string, hook: string) => string, headers: Record<string, string> = {}) {
  const folder = temporaryFolder();
  const site = await startSite(headers);
  const hook = await startReceiver(() => 204);
  const started = await startTestService(folder.path, yaml(site.url, hook.url));
  cleanUp.push(
    folder.remove,
    () => site.close(),
    () => hook.close(),
    () => started.service.stop(),
  );
  const person = await browser(started.service.loginUrl);
  const events = await person.listen();
  cleanUp.push(() => events.close());
  /** The audit that is there already, or the one that ends next. */
  const audited = async (target: string, notBefore = 0) => {
    for (;;) {
      const { body } = await person.call<Page<AuditItem>>('GET', `/api/v1/audits?target=${target}&limit=1`);
      if (body.items[0] && Date.parse(body.items[0].finishedAt ?? '') >= notBefore) return body.items[0];
      await events.until((event) => event.type === 'audit.finished' && event.data.target === target);
    }
  };
  return { ...started, site, hook, person, events, audited };
}

/** One check decides, and it is worth an incident. */
const shop = (site: string, hook: string) => `
version: 1
services: [{ id: shop, name: Shop, owner: ana }]
targets:
  - { id: web, service: shop, endpoint: "${site}", audit: { every: 6h } }
checks:
  headers.*: { enabled: false }
  headers.content-type-options: { enabled: true, severity: high }
alerting:
  channels: { hook: { webhook: { url: "${hook}/hook" } } }
  routes: [{ channel: hook, groupWait: 0s }]
publish: { badges: [web] }
`;

describe('a service from its file', () => {
  it('audits at once, tells of a failure, and tells of its end', async () => {
    const { person, hook, site, audited, events } = await begin(shop);
    const first = await audited('web');
    expect(first).toMatchObject({ status: 'done', trigger: 'schedule' });
    const findings = await person.call<Page<ListedFinding>>(
      'GET',
      '/api/v1/targets/web/findings?status=fail&category=headers',
    );
    expect(findings.body.items.map((one) => [one.check, one.severity])).toEqual([
      ['headers.content-type-options', 'high'],
    ]);
    await hook.until((one) => one.all.length >= 1);
    expect(hook.all[0]?.notification).toMatchObject({ type: 'incident.opened', reason: 'first' });
    const open = await person.call<Page<PublicIncident>>('GET', '/api/v1/incidents?state=open');
    expect(open.body.items).toMatchObject([{ target: 'web', service: 'shop', severity: 'high', state: 'open' }]);

    site.headers = GOOD;
    const started = await person.call<{ id: string }>('POST', '/api/v1/targets/web/audit');
    expect(started.status).toBe(202);
    await events.until((event) => event.type === 'audit.finished' && event.data.audit === started.body.id);
    await hook.until((one) => one.all.length >= 2);
    expect(hook.all[1]?.notification).toMatchObject({ type: 'incident.resolved', reason: 'resolved' });
    expect(hook.all[1]?.notification.incidents[0]?.id).toBe(open.body.items[0]?.id);
    const second = await person.call<AuditItem & { report: TargetReport }>('GET', `/api/v1/audits/${started.body.id}`);
    expect(second.body).toMatchObject({ trigger: 'api', status: 'done' });
    const history = await person.call<{ items: unknown[]; changes: { from: string; to: string; check: string }[] }>(
      'GET',
      '/api/v1/targets/web/history',
    );
    expect(history.body.items).toHaveLength(2);
    expect(history.body.changes[0]).toMatchObject({ check: 'headers.content-type-options', from: 'fail', to: 'pass' });
  });

  it('lets people acknowledge, note and resolve, each once', async () => {
    const { person, audited } = await begin(shop);
    await audited('web');
    const id = (await person.call<Page<PublicIncident>>('GET', '/api/v1/incidents')).body.items[0]?.id;
    const act = (what: string, body?: unknown) =>
      person.call<PublicIncident>('POST', `/api/v1/incidents/${id}/${what}`, body);
    expect((await act('ack')).body.state).toBe('acknowledged');
    expect((await act('ack')).status).toBe(409);
    expect((await act('notes', { text: 'header is on its way' })).body.timeline.at(-1)).toMatchObject({
      type: 'note',
      text: expect.stringContaining('on its way'),
    });
    expect((await act('resolve', { text: 'done' })).body).toMatchObject({ state: 'resolved' });
    expect((await act('resolve')).status).toBe(409);
  });

  it('replays an audit to the same report, and a waiver changes the next one', async () => {
    const { person, audited, events } = await begin(shop);
    const { id } = await audited('web');
    const stored = await person.call<TargetReport>('GET', '/api/v1/targets/web/scorecard');
    const replayed = await person.call<TargetReport>('POST', `/api/v1/audits/${id}/replay`);
    const order = (report: TargetReport) =>
      report.findings.map((one) => `${one.fingerprint} ${one.status} ${one.message}`).sort();
    expect(order(replayed.body)).toEqual(order(stored.body));
    expect(replayed.body.score).toBe(stored.body.score);
    const waiver = {
      check: 'headers.content-type-options',
      target: 'web',
      until: '2999-01-01',
      reason: 'a test',
      owner: 'ana',
    };
    expect((await person.call('POST', '/api/v1/waivers', { ...waiver, check: 'headers.nonsense' })).status).toBe(422);
    expect((await person.call('POST', '/api/v1/waivers', waiver)).status).toBe(201);
    const next = await person.call<{ id: string }>('POST', '/api/v1/targets/web/audit');
    await events.until((event) => event.type === 'audit.finished' && event.data.audit === next.body.id);
    const waived = await person.call<Page<ListedFinding>>('GET', '/api/v1/targets/web/findings?status=waived');
    expect(waived.body.items).toMatchObject([{ waiver: { reason: 'a test', owner: 'ana', until: '2999-01-01' } }]);
  });

  it('shows services, readiness, metrics, a badge and what is public', async () => {
    const { person, audited, service } = await begin(shop, GOOD);
    await audited('web');
    const all = await person.call<FleetScorecard>('GET', '/api/v1/scorecard');
    expect(all.body.services).toMatchObject([{ id: 'shop', owner: 'ana', targets: [{ id: 'web', auditing: false }] }]);
    expect(all.body.services[0]?.score).toBe(all.body.services[0]?.targets[0]?.score);
    const one = await person.call<ServiceScorecard>('GET', '/api/v1/services/shop/scorecard');
    expect(one.body.readiness.find((item) => item.id === 'readiness.owner')).toMatchObject({ status: 'met' });
    const target = await person.call<TargetDetail>('GET', '/api/v1/targets/web');
    expect(target.body).toMatchObject({ schedule: 'every 6h', monitored: false });
    const metrics = await (await fetch(`${service.url}/metrics`, { headers: { Cookie: person.cookie } })).text();
    expect(metrics).toContain('seaworthy_audits_total{trigger="schedule",result="done"} 1');
    expect(metrics).toMatch(/seaworthy_probe_duration_seconds_count\{probe="http",result="ok"\} 1/);
    expect((await fetch(`${service.url}/badge/web.svg`)).status).toBe(200);
    expect((await fetch(`${service.url}/api/v1/targets`)).status).toBe(401);
  });

  it('gates: the first report becomes the baseline, later ones are compared with it', async () => {
    const { person, audited } = await begin(shop, GOOD);
    await audited('web');
    const good = (await person.call<TargetReport>('GET', '/api/v1/targets/web/scorecard')).body;
    const report = (target: TargetReport) => ({
      report: {
        schemaVersion: 1,
        tool: { name: 'seaworthy', version: '0' },
        generatedAt: '2026-11-20T00:00:00Z',
        durationMs: 1,
        targets: [target],
      },
      baseline: 'main',
    });
    const worse = {
      ...good,
      findings: good.findings.map((one) =>
        one.check === 'headers.content-type-options' ? { ...one, status: 'fail' } : one,
      ),
    } as TargetReport;
    const first = await person.call<GateAnswer>('POST', '/api/v1/gate', report(good));
    expect(first.body).toMatchObject({
      verdict: 'pass',
      regressions: [],
      reasons: [expect.stringContaining('no baseline "main"')],
    });
    const second = await person.call<GateAnswer>('POST', '/api/v1/gate', report(worse));
    expect(second.body).toMatchObject({
      verdict: 'fail',
      regressions: [{ check: 'headers.content-type-options', target: 'web' }],
    });
    expect((await person.call<GateAnswer>('POST', '/api/v1/gate', report(good))).body.verdict).toBe('pass');
  });
});

describe('what is watched', () => {
  const watched = (site: string, hook: string) => `
version: 1
targets:
  - { id: web, endpoint: "${site}", monitor: { every: 1s, timeout: 900ms, downAfter: 1, upAfter: 1 } }
  - { id: nightly, heartbeat: { every: 1h, grace: 5m } }
checks: { headers.*: off, tls.*: off, secrets.*: off, dns.*: off }
alerting:
  channels: { hook: { webhook: { url: "${hook}/hook" } } }
  routes: [{ channel: hook, groupWait: 0s }]
publish: { status: [web] }
`;
  const monitor = async (person: Awaited<ReturnType<typeof begin>>['person'], id: string) =>
    (await person.call<Page<MonitorItem>>('GET', '/api/v1/monitors')).body.items.find((one) => one.id === id);

  it('goes down and comes back, and people are told of both', async () => {
    const { person, site, hook, events, service } = await begin(watched);
    while ((await monitor(person, 'web'))?.state !== 'up') {
      await events.until((event) => event.type === 'monitor.changed');
    }
    site.status = 500;
    await hook.until((one) => one.all.length >= 1);
    expect(hook.all[0]?.notification).toMatchObject({
      type: 'incident.opened',
      incidents: [{ target: 'web', source: 'monitor' }],
    });
    expect(await monitor(person, 'web')).toMatchObject({
      state: 'down',
      kind: 'http',
      reason: expect.stringContaining('500'),
    });
    expect(await (await fetch(`${service.url}/status`)).text()).toContain('1 of 1 down');
    site.status = 200;
    await hook.until((one) => one.all.length >= 2);
    expect(hook.all[1]?.notification.type).toBe('incident.resolved');
    const at = (ms: number) => new Date(Date.now() + ms).toISOString();
    const beats = await person.call<Page<{ up: number; down: number }>>(
      'GET',
      `/api/v1/monitors/web/beats?from=${at(-60_000)}&to=${at(60_000)}&step=1s`,
    );
    expect(beats.body.items.some((row) => row.up > 0)).toBe(true);
    expect(beats.body.items.some((row) => row.down > 0)).toBe(true);
    const uptime = await person.call<Page<UptimeItem>>('GET', '/api/v1/uptime');
    expect(uptime.body.items.find((one) => one.target === 'web')?.downMs).toBeGreaterThan(0);
  });

  it('hears jobs without a token', async () => {
    const { person, service, hook } = await begin(watched);
    expect((await fetch(`${service.url}/ping/nightly`)).status).toBe(200);
    expect(await monitor(person, 'nightly')).toMatchObject({ state: 'up', kind: 'heartbeat' });
    expect((await fetch(`${service.url}/ping/nightly/3`, { method: 'POST', body: 'disk full' })).status).toBe(200);
    expect(await monitor(person, 'nightly')).toMatchObject({ state: 'down', reason: expect.stringContaining('3') });
    await hook.until((one) => one.all.some((received) => received.notification.incidents[0]?.source === 'heartbeat'));
    expect((await fetch(`${service.url}/ping/nobody`)).status).toBe(404);
    expect((await person.call('POST', '/api/v1/targets/nightly/audit')).status).toBe(409);
  });
});

describe('a changed file', () => {
  it('is taken up when it is saved; a wrong one is refused and seen', async () => {
    const { person, service, configPath, events, audited, lines, site, hook } = await begin(shop, GOOD);
    await audited('web');
    const path = configPath ?? '';
    const good = shop(site.url, hook.url);
    writeFileSync(path, good.replace('every: 6h', 'evry: 6h'));
    await events.until((event) => event.type === 'config.reloaded' && event.data.problems === 1);
    const ready = await (await fetch(`${service.url}/readyz`)).json();
    expect(ready).toMatchObject({
      ready: true,
      checks: [{ name: 'store' }, { name: 'configuration', detail: expect.stringContaining('refused') }],
    });
    expect(
      lines.find((line) => line.msg === 'the configuration on disk is invalid; the earlier one stays'),
    ).toMatchObject({
      problems: [expect.stringMatching(/seaworthy\.yaml:5:\d+ .*evry.*every/)],
    });
    expect((await person.call<TargetDetail>('GET', '/api/v1/targets/web')).body.schedule).toBe('every 6h');

    writeFileSync(
      path,
      good
        .replace('every: 6h', 'every: 2h')
        .replace('targets:', `targets:\n  - { id: second, endpoint: "${site.url}" }`),
    );
    await events.until((event) => event.type === 'config.reloaded' && event.data.targets === 2);
    expect((await person.call<TargetDetail>('GET', '/api/v1/targets/web')).body.schedule).toBe('every 2h');
    await audited('second');
    expect(await (await fetch(`${service.url}/readyz`)).json()).toMatchObject({
      checks: [{}, { detail: 'as on disk' }],
    });
  });
});

describe('without a file', () => {
  it('audits this machine and itself, and finds itself good', async () => {
    const folder = temporaryFolder();
    const { service } = await startTestService(folder.path, null);
    cleanUp.push(folder.remove, () => service.stop());
    const person = await browser(service.loginUrl);
    expect(service.targets().map((one) => one.id)).toEqual(['local', 'seaworthy']);
    const events = await person.listen();
    cleanUp.push(() => events.close());
    for (;;) {
      const card = await person.call<TargetReport>('GET', '/api/v1/targets/seaworthy/scorecard');
      if (card.status === 200) {
        // Plain HTTP on loopback is information; anything worse than low would be ours to mend.
        const worse = card.body.findings.filter(
          (one) => one.status === 'fail' && !['low', 'info'].includes(one.severity),
        );
        expect(worse).toEqual([]);
        expect(card.body.grade).toBe('A+');
        break;
      }
      await events.until((event) => event.type === 'audit.finished' && event.data.target === 'seaworthy');
    }
  });
});

describe('stopping', () => {
  it('ends streams and connections, and a second start finds everything', async () => {
    const folder = temporaryFolder();
    cleanUp.push(folder.remove);
    const site = await startSite(GOOD);
    cleanUp.push(() => site.close());
    const yaml = shop(site.url, 'http://127.0.0.1:9');
    const first = await startTestService(folder.path, yaml);
    const person = await browser(first.service.loginUrl);
    const events = await person.listen();
    if ((await person.call('GET', '/api/v1/targets/web/scorecard')).status !== 200) {
      await events.until((event) => event.type === 'audit.finished');
    }
    await Promise.all([first.service.stop(), first.service.stop()]);
    await expect(fetch(`${first.service.url}/healthz`)).rejects.toThrow();

    const second = await startTestService(folder.path, yaml);
    cleanUp.push(() => second.service.stop());
    const again = await browser(second.service.loginUrl);
    const target = await again.call<TargetDetail>('GET', '/api/v1/targets/web');
    expect(target.body.lastAuditAt).not.toBeNull();
    expect(target.body.auditing).toBe(false);
    // Sessions outlive a restart.
    const me = await fetch(`${second.service.url}/api/v1/me`, { headers: { Cookie: person.cookie } });
    expect(me.status).toBe(200);
  });

  it('refuses a store that another service holds, and an address that is taken', async () => {
    const folder = temporaryFolder();
    const other = temporaryFolder();
    const { service } = await startTestService(folder.path, null);
    cleanUp.push(folder.remove, other.remove, () => service.stop());
    await expect(startTestService(folder.path, null)).rejects.toMatchObject({ name: 'AppError' });
    const port = Number(new URL(service.url).port);
    await expect(startTestService(other.path, null, { listen: { host: '127.0.0.1', port } })).rejects.toMatchObject({
      name: 'AppError',
      message: expect.stringContaining('something else listens there'),
    });
  });
});
