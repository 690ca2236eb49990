import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKS } from '../../checks/index.ts';
import { headerPicture } from '../../src/analysis/header-picture.ts';
import { evaluate } from '../../src/core/evaluate.ts';
import type { FactBundle } from '../../src/core/facts/bundle.ts';
import type { HeaderServer, HeaderSheet } from '../../src/core/header-verdict.ts';
import type { EndpointTarget } from '../../src/core/target.ts';
import { httpProbe } from '../../src/probes/http.ts';
import { missingPackages } from '../support/packages.ts';
import { exampleTarget } from '../support/targets.ts';
import { apacheWith, caddyWith, nginxWith, nodeWith, startWebServer, type WebServer } from './lab/web-server.ts';

const NOW = Date.parse('2026-11-01T00:00:00Z');
const OURS = CHECKS.filter((check) => check.category === 'headers');
const lacks = missingPackages().filter((name) => ['nginx', 'apache2', 'caddy', 'openssl'].includes(name));

/** What a site sends, judged and pictured. */
async function look({ url, ca }: WebServer): Promise<HeaderSheet> {
  const { hostname, port } = new URL(url);
  const change: Partial<EndpointTarget> = { protocol: 'https', url, host: hostname, port: Number(port), ca: [ca] };
  const target = exampleTarget({ needs: ['http'], on: ['endpoint'] }, change) as EndpointTarget;
  const context = { signal: new AbortController().signal, now: () => NOW, log: () => {}, count: () => {} };
  const facts: FactBundle['facts'] = await httpProbe.collect(target, context, new Set(['http']));
  const bundle: FactBundle = { targetId: target.id, kind: 'endpoint', collectedAt: NOW, facts };
  const settings = (check: (typeof OURS)[number]) => ({ enabled: true, options: check.options.parse({}) });
  const findings = evaluate({ target, bundle, checks: OURS, settings, now: NOW });
  if (!facts.http?.ok) throw new Error('no answer was collected');
  const [sheet] = headerPicture(facts.http.value, findings, NOW).addresses;
  if (sheet?.absence !== null) throw new Error(`no page was reached: ${sheet?.absence}`);
  return sheet;
}

async function lookAt(recipe: Parameters<typeof startWebServer>[0]): Promise<HeaderSheet> {
  const server = await startWebServer(recipe);
  try {
    return await look(server);
  } finally {
    await server.stop();
  }
}

const failing = (picture: HeaderSheet) =>
  picture.headers
    .filter((one) => one.status === 'fail')
    .map((one) => one.header.replace('x-powered-by', 'X-Powered-By'));
const mendable = ({ headers, ...picture }: HeaderSheet) =>
  failing({ ...picture, headers: headers.filter((one) => one.lines !== null) });

const MISSING = [
  'Strict-Transport-Security',
  'Content-Security-Policy',
  'X-Frame-Options',
  'X-Content-Type-Options',
  'Referrer-Policy',
  'Permissions-Policy',
  'Cross-Origin-Opener-Policy',
  'Cross-Origin-Embedder-Policy',
];

/** An application that sends every header, and every one badly. */
const BAD: Readonly<Record<string, string | string[]>> = {
  'Content-Type': 'text/html',
  'Strict-Transport-Security': 'max-age=60',
  'Content-Security-Policy':
    "default-src *; script-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors *",
  'X-Frame-Options': 'ALLOW-FROM https://partner.example',
  'X-Content-Type-Options': 'sniff',
  'Referrer-Policy': 'unsafe-url',
  'Permissions-Policy': 'camera=*, geolocation=(self "https://maps.example")',
  'Cross-Origin-Opener-Policy': 'unsafe-none',
  'X-Powered-By': 'PHP/8.1.2',
  'X-XSS-Protection': '1; mode=block',
  'Set-Cookie': ['sid=abc; Path=/', 'lang=de; Path=/; Secure'],
};
const BADLY_SENT = [...MISSING, 'Set-Cookie: sid', 'Set-Cookie: lang', 'X-Powered-By', 'X-XSS-Protection'];

describe.skipIf(lacks.length > 0)(`the lines to add${lacks.length > 0 ? ` (needs ${lacks.join(', ')})` : ''}`, () => {
  let application: Server;
  let upstream: string;
  beforeAll(async () => {
    application = createServer((_request, response) => {
      for (const [name, value] of Object.entries(BAD)) response.setHeader(name, value);
      response.setHeader('Server', 'gunicorn/20.1.0');
      response.end('<!doctype html><title>Shop</title>');
    });
    await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve));
    const address = application.address();
    upstream = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  });
  afterAll(() => new Promise((resolve) => application.close(resolve)));

  describe.each([
    ['nginx', nginxWith],
    ['apache', apacheWith],
    ['caddy', caddyWith],
  ] as const)('of %s', (name, recipe) => {
    it('mend a server that sends nothing', async () => {
      const before = await lookAt(recipe('', null));
      expect(failing(before)).toEqual(name === 'caddy' ? MISSING : [...MISSING, 'Server']);
      expect(mendable(before)).toEqual(failing(before));
      const after = await lookAt(recipe(before.all?.[name] ?? '', null));
      expect(failing(after)).toEqual([]);
      expect(after.all).toBeNull();
    });

    it('mend an application behind it, and leave no second header beside the old one', async () => {
      const before = await lookAt(recipe('', upstream));
      expect(failing(before)).toEqual(expect.arrayContaining(BADLY_SENT));
      expect(mendable(before)).toEqual(failing(before));
      const after = await lookAt(recipe(before.all?.[name] ?? '', upstream));
      expect(failing(after)).toEqual([]);
      for (const { header, sent } of after.headers) expect(sent.length, header).toBeLessThanOrEqual(1);
      const [csp] = after.headers.filter((one) => one.header === 'Content-Security-Policy');
      // What was right stays.
      expect(csp?.sent).toEqual([
        "Content-Security-Policy: default-src *; script-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'",
      ]);
      expect(after.headers.flatMap((one) => (one.header === 'Permissions-Policy' ? one.sent : []))).toEqual([
        'Permissions-Policy: camera=(), geolocation=(self "https://maps.example")',
      ]);
    });

    it('mend one header at a time', async () => {
      const before = await lookAt(recipe('', upstream));
      const only = before.headers.find((one) => one.header === 'X-Frame-Options');
      const policy = before.headers.find((one) => one.header === 'Content-Security-Policy');
      const after = await lookAt(recipe(`${only?.lines?.[name]}\n${policy?.lines?.[name]}`, upstream));
      expect(failing(before).filter((one) => !failing(after).includes(one))).toEqual([
        'Content-Security-Policy',
        'X-Frame-Options',
      ]);
    });
  });

  const hono = `import { Hono } from '${import.meta.resolve('hono')}';
import { getRequestListener } from '${import.meta.resolve('@hono/node-server')}';
import { setCookie } from '${import.meta.resolve('hono/cookie')}';
const value = 'abc';
const app = new Hono();`;
  const bad = (set: (name: string, value: string) => string) =>
    Object.entries(BAD)
      .filter(([name]) => name !== 'Set-Cookie' && name !== 'Content-Type')
      .map(([name, value]) => set(name, String(value)));
  const script = JSON.stringify;

  /** A program that sends the bad headers, then what the lines say. */
  const programs: Record<Extract<HeaderServer, 'node' | 'hono' | 'express'>, (block: string, own: string) => string> = {
    node: (block, cookies) => `(request, response) => {
      const value = 'abc';
      response.setHeader('Content-Type', 'text/html');
      ${bad((name, value) => `response.setHeader(${script(name)}, ${script(value)});`).join('\n')}
      ${cookies === '' ? `response.appendHeader('Set-Cookie', 'sid=abc; Path=/');` : cookies}
      ${block}
      response.end(page);
    }`,
    hono: (block, cookies) => `(() => {
      ${block}
      app.get('*', (c) => {
        ${bad((name, value) => `c.header(${script(name)}, ${script(value)});`).join('\n')}
        ${cookies === '' ? `c.header('Set-Cookie', 'sid=abc; Path=/');` : cookies}
        return c.html(page);
      });
      return getRequestListener(app.fetch);
    })()`,
    // Express hands Node's own response to its middleware, which is all that the lines use; the lines replace the old ones.
    express: (block, cookies) => `(() => {
      const middleware = [];
      const app = { poweredBy: true, use: (one) => middleware.push(one), disable() { this.poweredBy = false; } };
      ${block}
      return (req, res) => {
        const value = 'abc';
        res.cookie = (name, value, { path, secure, httpOnly, sameSite }) => res.appendHeader('Set-Cookie',
          name + '=' + value + '; Path=' + path + (secure ? '; Secure' : '') + (httpOnly ? '; HttpOnly' : '') + '; SameSite=' + sameSite);
        if (app.poweredBy) res.setHeader('X-Powered-By', 'Express');
        res.setHeader('Content-Type', 'text/html');
        ${cookies === '' ? `res.appendHeader('Set-Cookie', 'sid=abc; Path=/');` : cookies}
        middleware[0] ? middleware[0](req, res, () => res.end(page)) : res.end(page);
      };
    })()`,
  };

  it.each(['node', 'hono', 'express'] as const)('of %s mend a program', async (name) => {
    const imports = name === 'hono' ? hono : '';
    const before = await lookAt(nodeWith(imports, programs[name]('', '')));
    expect(failing(before)).toEqual(expect.arrayContaining([...MISSING, 'Set-Cookie: sid', 'X-Powered-By']));
    expect(mendable(before)).toEqual(failing(before));
    const cookie = before.headers.find((one) => one.header === 'Set-Cookie: sid')?.lines?.[name] ?? '';
    const after = await lookAt(nodeWith(imports, programs[name](before.all?.[name] ?? '', cookie)));
    expect(failing(after)).toEqual([]);
    expect(after.headers.find((one) => one.header === 'Set-Cookie: sid')?.status).toBe('pass');
  });
});
