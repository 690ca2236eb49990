import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../../src/api/docs.ts';
import { problemSchema } from '../../src/api/problem.ts';
import { AppError } from '../../src/core/error.ts';
import { fakeApi } from './fake-ports.ts';

const json = { 'Content-Type': 'application/json' };

async function expectProblem(answer: Response, status: number) {
  const text = await answer.text();
  expect(answer.status, text).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  const body = problemSchema.parse(JSON.parse(text));
  expect(body.status).toBe(status);
  expect(body.requestId).toBe(answer.headers.get('x-request-id'));
  expect(text).not.toMatch(/node_modules|\.ts:\d+/);
  return body;
}

describe('problem documents', () => {
  it('404 for a place that is not there, and for things that are not', async () => {
    const { call } = fakeApi();
    await expectProblem(await call('viewer', 'GET', '/api/v1/nothing'), 404);
    for (const path of [
      'targets/no',
      'targets/no/findings',
      'targets/no/history',
      'checks/no',
      'audits/no',
      'incidents/no',
      'services/no/scorecard',
      'monitors/no/beats',
    ]) {
      const body = await expectProblem(await call('viewer', 'GET', `/api/v1/${path}`), 404);
      expect(body.detail).toContain('"no"');
    }
    const body = await expectProblem(await call('viewer', 'GET', '/api/v1/targets/shop-1/scorecard'), 404);
    expect(body.hint).toContain('POST /api/v1/targets/shop-1/audit');
  });

  it('405 with what is allowed', async () => {
    const { call } = fakeApi();
    const answer = await call('admin', 'DELETE', '/api/v1/scorecard');
    expect(answer.headers.get('allow')).toBe('GET, HEAD');
    await expectProblem(answer, 405);
  });

  it('400 for broken JSON, 415 for another type, 413 for too much', async () => {
    const { app, as } = fakeApi();
    const post = (headers: Record<string, string>, body: string) =>
      app.request('/api/v1/waivers', { method: 'POST', headers: { ...as('admin'), ...headers }, body });
    await expectProblem(await post(json, '{"check":'), 400);
    await expectProblem(await post({ 'Content-Type': 'text/xml' }, '<a/>'), 415);
    await expectProblem(await post({ 'Content-Type': 'application/x-www-form-urlencoded' }, 'a=b'), 415);
    const big = 'x'.repeat(300_000);
    await expectProblem(await post({ ...json, 'Content-Length': String(big.length) }, big), 413);
    await expectProblem(await post(json, big), 413);
  });

  it('422 names each thing that is wrong', async () => {
    const { call } = fakeApi();
    const body = await expectProblem(
      await call('admin', 'POST', '/api/v1/waivers', {
        check: 'tls.*',
        until: 'soon',
        reason: '',
        owner: 'ana',
        extra: 1,
      }),
      422,
    );
    expect(body.errors?.map((one) => one.path).sort()).toEqual(['extra', 'reason', 'until']);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=501', 'limit'],
    ['limit=many', 'limit'],
    ['cursor=bm90aGluZw', 'cursor'],
    ['status=broken', 'status.0'],
    ['bogus=1', 'bogus'],
    ['severity=high&severity=low', 'severity'],
  ])('422 for findings?%s', async (query, path) => {
    const { call } = fakeApi();
    const body = await expectProblem(await call('viewer', 'GET', `/api/v1/findings?${query}`), 422);
    expect(body.errors?.map((one) => one.path)).toContain(path);
  });

  it.each(['step=1', 'step=1ms', 'step=1s&from=2026-01-01T00:00:00Z', 'from=2027-01-01T00:00:00Z', 'from=yesterday'])(
    '422 for beats?%s',
    async (query) => {
      const { call } = fakeApi();
      await expectProblem(await call('viewer', 'GET', `/api/v1/monitors/shop-web/beats?${query}`), 422);
    },
  );

  it('422 for an unknown parameter everywhere', async () => {
    const { app, call } = fakeApi();
    const paths = Object.entries(openApiDocument(app, '0').paths ?? {})
      .filter(([path, item]) => item.get && path.startsWith('/api/v1') && !path.includes('/ping/'))
      .map(([path]) => path);
    expect(paths.length).toBeGreaterThan(15);
    for (const path of paths) {
      const answer = await call('viewer', 'GET', `${path.replace(/\{\w+\}/g, 'shop-web')}?surprise=1`);
      expect(answer.status, path).toBe(422);
    }
  });

  it('500 shows nothing of what broke, and the log has it', async () => {
    const seen: [unknown, string][] = [];
    const { call } = fakeApi({
      onCrash: (thrown, id) => seen.push([thrown, id]),
      change: (ports) => {
        ports.fleet.scorecard = () => Promise.reject(new Error('password=hunter2 at /srv/db'));
      },
    });
    const body = await expectProblem(await call('viewer', 'GET', '/api/v1/scorecard'), 500);
    expect(JSON.stringify(body)).not.toContain('hunter2');
    expect(seen).toEqual([[expect.any(Error), body.requestId]]);
  });

  it('an error that a person can act on keeps its words', async () => {
    const { call } = fakeApi({
      change: (ports) => {
        ports.audits.replay = () =>
          Promise.reject(new AppError('facts-missing', 'facts are gone', { hint: 'audit again' }));
      },
    });
    const body = await expectProblem(await call('admin', 'POST', '/api/v1/audits/a1/replay'), 409);
    expect(body).toMatchObject({
      detail: 'facts are gone',
      hint: 'audit again',
      type: 'urn:seaworthy:problem:facts-missing',
    });
  });

  it('takes a request id from a proxy, if it is one', async () => {
    const { app } = fakeApi();
    const given = async (id: string) =>
      (await app.request('/healthz', { headers: { 'X-Request-Id': id } })).headers.get('x-request-id');
    expect(await given('abc-123')).toBe('abc-123');
    expect(await given('<script>')).not.toBe('<script>');
  });
});
