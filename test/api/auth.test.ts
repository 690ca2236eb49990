import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../../src/api/docs.ts';
import { newToken } from '../../src/api/identity.ts';
import { createLoginCodes } from '../../src/api/login-codes.ts';
import { ROLES } from '../../src/api/permissions.ts';
import { createRateLimit } from '../../src/api/rate-limit.ts';
import { fakeApi, NOW } from './fake-ports.ts';

const { app: documented } = fakeApi();
const OPERATIONS = Object.entries(openApiDocument(documented, '0').paths ?? {}).flatMap(([path, item]) =>
  (['get', 'post', 'delete'] as const).flatMap((method) => {
    const operation = item[method];
    return operation
      ? [{ name: `${method.toUpperCase()} ${path}`, method, path, open: operation.security?.length === 0 }]
      : [];
  }),
);
const concrete = (path: string) => path.replace('{word}', 'start').replace(/\{\w+\}/g, 'x');
const session = { 'Content-Type': 'application/json', Origin: 'http://localhost' };

describe('without a token', () => {
  it.each(OPERATIONS)('$name', async ({ method, path, open }) => {
    const { app } = fakeApi();
    const answer = await app.request(concrete(path), { method: method.toUpperCase() });
    if (open) return expect(answer.status).not.toBe(401);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    expect(await answer.json()).toMatchObject({ status: 401, hint: expect.stringContaining('token create') });
  });

  it('documents what is open, and it is little', () => {
    const open = OPERATIONS.filter((one) => one.open).map((one) => one.path);
    expect([...new Set(open)].sort()).toEqual([
      '/api/v1/ping/{id}',
      '/api/v1/ping/{id}/{word}',
      '/api/v1/session',
      '/healthz',
      '/readyz',
    ]);
  });
});

describe('roles', () => {
  const closed = OPERATIONS.filter((one) => !one.open && one.path !== '/api/v1/events');
  it.each(closed)('$name', async ({ method, path }) => {
    const { call } = fakeApi();
    const allowed: string[] = [];
    for (const role of ROLES) {
      const answer = await call(role, method.toUpperCase(), concrete(path));
      if (answer.status !== 403) allowed.push(role);
    }
    const pipeline = /\/(gate|deployments)$|\/audit$|\/v2\/alerts$/.test(path);
    const expected = method === 'get' ? [...ROLES] : pipeline ? ['operator', 'admin', 'ci'] : ['operator', 'admin'];
    expect(allowed).toEqual(expected);
  });

  it.each([
    ['a token that nobody made', `Bearer ${newToken()}`],
    ['no token', 'Bearer '],
    ['another scheme', 'Basic YWRtaW46YWRtaW4='],
    ['a token with more at its end', `Bearer ${newToken()}x`],
  ])('refuses %s', async (_, header) => {
    const { app } = fakeApi();
    expect((await app.request('/api/v1/me', { headers: { Authorization: header } })).status).toBe(401);
  });
});

async function loggedIn() {
  const codes = createLoginCodes();
  const api = fakeApi({ codes });
  const code = codes.create('admin', NOW);
  const answer = await api.app.request('/api/v1/session', {
    method: 'POST',
    headers: session,
    body: JSON.stringify({ code }),
  });
  const cookie = answer.headers.get('set-cookie') ?? '';
  return { ...api, code, answer, cookie, headers: { Cookie: cookie.split(';')[0] ?? '' } };
}

describe('sessions', () => {
  it('exchange a one-time code for a cookie that scripts cannot read', async () => {
    const { answer, cookie, app, headers } = await loggedIn();
    expect(answer.status).toBe(200);
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(await (await app.request('/api/v1/me', { headers })).json()).toMatchObject({ role: 'admin' });
  });

  it('take a code once', async () => {
    const { app, code } = await loggedIn();
    const again = await app.request('/api/v1/session', {
      method: 'POST',
      headers: session,
      body: JSON.stringify({ code }),
    });
    expect(again.status).toBe(401);
    expect(again.headers.get('set-cookie')).toBeNull();
  });

  it('take a token and keep its role', async () => {
    const { app, tokens } = fakeApi();
    const answer = await app.request('/api/v1/session', {
      method: 'POST',
      headers: session,
      body: JSON.stringify({ token: tokens.viewer }),
    });
    expect(await answer.json()).toMatchObject({ role: 'viewer' });
  });

  it('end at log-out', async () => {
    const { app, headers } = await loggedIn();
    const out = await app.request('/api/v1/session', {
      method: 'DELETE',
      headers: { ...headers, Origin: 'http://localhost' },
    });
    expect(out.status).toBe(204);
    expect((await app.request('/api/v1/me', { headers })).status).toBe(401);
  });

  it.each([
    ['another origin', { Origin: 'https://evil.example' }, 403],
    ['a cross-site request', { 'Sec-Fetch-Site': 'cross-site', Origin: 'http://localhost' }, 403],
    ['a sibling of our site', { 'Sec-Fetch-Site': 'same-site' }, 403],
    ['no word on where it comes from', {}, 403],
    ['our own page', { 'Sec-Fetch-Site': 'same-origin' }, 202],
    ['our own page in an old browser', { Origin: 'http://localhost' }, 202],
  ])('%s', async (_, more, status) => {
    const { app, headers } = await loggedIn();
    const answer = await app.request('http://localhost/api/v1/targets/shop-web/audit', {
      method: 'POST',
      headers: { ...headers, ...more },
    });
    expect(answer.status).toBe(status);
  });

  it('over https have a cookie that is bound to the host, and HSTS', async () => {
    const codes = createLoginCodes();
    const { app } = fakeApi({ codes, secure: true });
    const answer = await app.request('https://sw.example/api/v1/session', {
      method: 'POST',
      headers: { ...session, Origin: 'https://sw.example' },
      body: JSON.stringify({ code: codes.create('viewer', NOW) }),
    });
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-seaworthy=.*Secure/);
    expect(answer.headers.get('strict-transport-security')).toMatch(/max-age=63072000/);
  });

  it('slow down who guesses', async () => {
    const { app } = fakeApi();
    const attempt = () =>
      app.request('/api/v1/session', { method: 'POST', headers: session, body: JSON.stringify({ code: 'guess' }) });
    for (let n = 0; n < 10; n += 1) expect((await attempt()).status).toBe(401);
    const answer = await attempt();
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('codes and limits', () => {
  it('a code is good for a day', () => {
    const codes = createLoginCodes();
    const [a, b] = [codes.create('admin', NOW), codes.create('viewer', NOW)];
    expect(codes.redeem(a, NOW + 86_399_999)).toBe('admin');
    expect(codes.redeem(b, NOW + 86_400_000)).toBeNull();
  });

  it('a limit forgets with time and holds per key', () => {
    const limit = createRateLimit(2, 1_000);
    expect([limit.take('a', 0), limit.take('a', 100), limit.take('a', 200), limit.take('b', 200)]).toEqual([
      0, 0, 800, 0,
    ]);
    expect(limit.take('a', 1_000)).toBe(0);
  });
});
