import { describe, expect, it } from 'vitest';
import { fakeApi, NOW } from './fake-ports.ts';

const at = new Date(NOW).toISOString();
const later = new Date(NOW + 3_600_000).toISOString();
const matchers = [{ label: 'target', values: ['shop-web'] }];

/** Every operation, a call that must work, and what the answer must contain. */
const CALLS: [method: string, path: string, body: unknown, status: number, has: RegExp][] = [
  ['GET', '/healthz', undefined, 200, /"ok"/],
  ['GET', '/readyz', undefined, 200, /"ready":true/],
  ['GET', '/metrics', undefined, 200, /seaworthy_up 1/],
  ['GET', '/api/v1/me', undefined, 200, /"role":"admin"/],
  ['GET', '/api/v1/scorecard', undefined, 200, /"services"/],
  ['GET', '/api/v1/services/shop/scorecard', undefined, 200, /"readiness"/],
  ['GET', '/api/v1/targets?q=shop&kind=endpoint', undefined, 200, /"lastAuditAt"/],
  ['GET', '/api/v1/targets/shop-web', undefined, 200, /"schedule":"every 6h"/],
  ['GET', '/api/v1/targets/shop-web/scorecard', undefined, 200, /"grade":"B\+"/],
  ['GET', '/api/v1/targets/shop-web/findings?status=fail&severity=critical,high', undefined, 200, /"subject 3"/],
  ['GET', `/api/v1/targets/shop-web/history?from=${at}&to=${later}`, undefined, 200, /"changes"/],
  ['GET', '/api/v1/findings?category=headers&q=missing+subject', undefined, 200, /"fingerprint"/],
  ['GET', '/api/v1/changes', undefined, 200, /"items":\[\]/],
  ['GET', '/api/v1/targets/shop-web/headers', undefined, 200, /add_header X-Content-Type-Options/],
  ['GET', '/api/v1/targets/shop-web/tls', undefined, 200, /"positions":\{"TLSv1.3":1\}/],
  ['GET', '/api/v1/targets/shop-web/exposure', undefined, 200, /"absence":"no sockets/],
  ['POST', '/api/v1/targets/shop-web/audit', undefined, 202, /"id":"audit-of-shop-web"/],
  ['GET', '/api/v1/checks?category=headers', undefined, 200, /headers\.content-type-options/],
  ['GET', '/api/v1/checks/headers.content-type-options', undefined, 200, /"rationale"/],
  ['GET', '/api/v1/audits?target=shop-web', undefined, 200, /"a1"/],
  ['GET', '/api/v1/audits/a1', undefined, 200, /"report"/],
  ['POST', '/api/v1/audits/a1/replay', undefined, 200, /"findings"/],
  ['GET', '/api/v1/monitors', undefined, 200, /"uptime"/],
  ['GET', '/api/v1/monitors/shop-web/beats?step=5m', undefined, 200, /"stepMs":300000/],
  ['GET', '/api/v1/uptime', undefined, 200, /"downMs"/],
  ['GET', '/api/v1/uptime?month=2026-10&timeZone=Europe/Lisbon', undefined, 200, /"downMs"/],
  ['GET', '/api/v1/uptime?month=2026-10&timeZone=Nowhere', undefined, 422, /IANA/],
  ['GET', '/api/v1/slos', undefined, 200, /"items"/],
  ['GET', '/api/v1/incidents?state=open,acknowledged', undefined, 200, /"i1"/],
  ['GET', '/api/v1/incidents/i1', undefined, 200, /"timeline"/],
  ['POST', '/api/v1/incidents/i1/ack', undefined, 200, /"acknowledged"/],
  ['POST', '/api/v1/incidents/i1/resolve', { text: 'fixed' }, 200, /"resolved"/],
  ['POST', '/api/v1/incidents/i1/notes', { text: 'on it' }, 200, /the admin: on it/],
  [
    'POST',
    '/api/v1/waivers',
    { check: 'tls.*', until: '2027-01-01', reason: 'old', owner: 'ana' },
    201,
    /"createdBy":"the admin"/,
  ],
  ['GET', '/api/v1/waivers', undefined, 200, /"items"/],
  ['POST', '/api/v1/silences', { matchers, startsAt: at, endsAt: later, comment: 'work' }, 201, /"r1"/],
  ['GET', '/api/v1/silences', undefined, 200, /"items"/],
  ['POST', '/api/v1/maintenance', { matchers, startsAt: at, endsAt: later, title: 'move' }, 201, /"r1"/],
  ['GET', '/api/v1/maintenance', undefined, 200, /"items"/],
  [
    'POST',
    '/api/v1/attestations',
    { item: 'runbook', service: 'shop', statement: 'read it', owner: 'ana', validUntil: later },
    201,
    /"r1"/,
  ],
  ['GET', '/api/v1/attestations', undefined, 200, /"items"/],
  ['POST', '/api/v1/deployments', { service: 'shop', version: '1.2.3' }, 201, /"environment":"production"/],
  ['GET', '/api/v1/deployments', undefined, 200, /"items"/],
  [
    'POST',
    '/api/v1/gate',
    {
      report: {
        schemaVersion: 1,
        tool: { name: 'seaworthy', version: '0' },
        generatedAt: at,
        durationMs: 1,
        targets: [],
      },
    },
    200,
    /"verdict":"pass"/,
  ],
  ['GET', '/ping/nightly', undefined, 200, /OK/],
  ['GET', '/api/v1/ping/nightly/start', undefined, 200, /OK/],
  ['GET', '/api/v1/incidents/i1/context', undefined, 200, /"silenced"/],
  ['GET', '/api/v1/monitors/shop-web', undefined, 200, /"seen"/],
  ['GET', '/status', undefined, 200, /Shop &lt;web&gt;/],
  ['GET', '/badge/shop-web.svg', undefined, 200, /<svg/],
  ['GET', '/api/openapi.json', undefined, 200, /"openapi":"3\.1\.0"/],
  ['GET', '/api/docs', undefined, 200, /Seaworthy API/],
  ['GET', '/login', undefined, 200, /Token/],
];

describe('what works', () => {
  it.each(CALLS)('%s %s', async (method, path, body, status, has) => {
    const { call } = fakeApi();
    const answer = await call('admin', method, path, body);
    const text = await answer.text();
    expect(answer.status, text).toBe(status);
    expect(text).toMatch(has);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
  });

  it('take nothing under a JSON content type for no body, and still ask for a body that is needed', async () => {
    const { app, tokens } = fakeApi();
    const send = (path: string, length: Record<string, string>) =>
      app.request(path, {
        method: 'POST',
        headers: { Authorization: `Bearer ${tokens.admin}`, 'Content-Type': 'application/json', ...length },
      });
    const lengths: Record<string, string>[] = [{ 'Content-Length': '0' }, {}];
    for (const length of lengths) {
      expect((await send('/api/v1/incidents/i1/ack', length)).status).toBe(200);
      expect((await send('/api/v1/incidents/i1/resolve', length)).status).toBe(200);
      expect((await send('/api/v1/incidents/i1/notes', length)).status).toBe(422);
    }
  });

  it('ends records by their id', async () => {
    const { call } = fakeApi();
    await call('operator', 'POST', '/api/v1/waivers', {
      check: 'tls.*',
      until: '2027-01-01',
      reason: 'old',
      owner: 'ana',
    });
    expect((await call('operator', 'DELETE', '/api/v1/waivers/r1')).status).toBe(204);
    expect((await call('operator', 'DELETE', '/api/v1/waivers/r1')).status).toBe(404);
  });
});

describe('lists', () => {
  it('give everything once, page by page, worst first', async () => {
    const { call } = fakeApi();
    const seen: string[] = [];
    let path = '/api/v1/findings?limit=2';
    for (let n = 0; n < 10; n += 1) {
      const page = (await (await call('viewer', 'GET', path)).json()) as {
        items: { subject: string }[];
        nextCursor: string | null;
      };
      seen.push(...page.items.map((one) => one.subject));
      if (page.nextCursor === null) break;
      path = `/api/v1/findings?limit=2&cursor=${page.nextCursor}`;
    }
    expect(seen).toEqual(['subject 3', 'subject 1', 'subject 2', 'subject 4', 'subject 5']);
  });

  it('filter by every word of q', async () => {
    const { call } = fakeApi();
    const found = async (q: string) => {
      const page = (await (await call('viewer', 'GET', `/api/v1/findings?q=${q}`)).json()) as { items: unknown[] };
      return page.items.length;
    };
    expect([await found('SUBJECT+4'), await found('subject+nothing')]).toEqual([1, 0]);
  });
});

describe('heartbeats', () => {
  it.each([
    ['GET', '/ping/nightly', 'success', null],
    ['GET', '/ping/nightly/start', 'start', null],
    ['POST', '/ping/nightly/fail', 'fail', null],
    ['POST', '/ping/nightly/log', 'log', null],
    ['GET', '/ping/nightly/0', 'success', 0],
    ['GET', '/ping/nightly/137', 'fail', 137],
  ])('%s %s', async (method, path, kind, exitCode) => {
    const { app, pings } = fakeApi();
    const answer = await app.request(path, { method, ...(method === 'POST' ? { body: 'tail of the output' } : {}) });
    expect(answer.status).toBe(200);
    expect(pings).toMatchObject([
      { id: 'nightly', kind, exitCode, body: method === 'POST' ? 'tail of the output' : null },
    ]);
  });

  it('refuses words that mean nothing and jobs that nobody knows', async () => {
    const { app, pings } = fakeApi();
    expect((await app.request('/ping/nightly/256')).status).toBe(422);
    expect((await app.request('/ping/nightly/stop')).status).toBe(422);
    expect((await app.request('/ping/other')).status).toBe(404);
    expect(pings).toEqual([]);
  });

  it('are taken sixty times a minute each, whoever calls', async () => {
    const { app, pings } = fakeApi();
    const answers = await Promise.all(Array.from({ length: 61 }, () => app.request('/ping/nightly')));
    expect(answers.map(({ status }) => status)).toEqual([...Array(60).fill(200), 429]);
    expect(answers.at(-1)?.headers.get('retry-after')).toBe('60');
    expect(pings).toHaveLength(60);
  });
});

describe('what everybody may see', () => {
  it('is only what publish names', async () => {
    const { app } = fakeApi();
    const status = await (await app.request('/status')).text();
    expect(status).toContain('Everything works');
    expect(status).not.toContain('Secret shop');
    expect(status).not.toContain('<script');
    expect((await app.request('/badge/shop-2.svg')).status).toBe(404);
    expect((await app.request('/badge/nothing.svg')).status).toBe(404);
  });

  it('includes metrics only when publish says so', async () => {
    expect((await fakeApi().app.request('/metrics')).status).toBe(401);
    const { app } = fakeApi({
      change: (ports) => {
        ports.publish = () => ({ status: [], badges: [], metrics: true });
      },
    });
    expect((await app.request('/metrics')).status).toBe(200);
  });
});
