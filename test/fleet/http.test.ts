import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKS } from '../../checks/index.ts';
import { type CheckSettings, evaluate } from '../../src/core/evaluate.ts';
import type { FactBundle } from '../../src/core/facts/bundle.ts';
import { byCheck, type Finding, worstStatus } from '../../src/core/finding.ts';
import type { EndpointTarget } from '../../src/core/target.ts';
import { exposedFilesProbe } from '../../src/probes/exposed-files.ts';
import { httpProbe } from '../../src/probes/http.ts';
import { missingPackages } from '../support/packages.ts';
import { exampleTarget } from '../support/targets.ts';
import { type Nginx, startNginx } from './lab/nginx.ts';

const NOW = Date.parse('2026-11-01T00:00:00Z');
const OURS = CHECKS.filter((check) => check.category === 'headers' || check.id === 'secrets.exposed-files');

interface Audit {
  findings: Finding[];
  counts: { connections: number; requests: number; commands: number };
  facts: FactBundle['facts'];
}

/** Collects the web facts of a URL and judges them with every check of ours. */
async function audit(url: string, more: Partial<EndpointTarget> = {}): Promise<Audit> {
  const { hostname, port, protocol } = new URL(url);
  const change = {
    id: 'web',
    protocol: protocol === 'https:' ? 'https' : 'http',
    url,
    host: hostname,
    port: Number(port),
    ...more,
  };
  const target = exampleTarget(
    { needs: ['http'], on: ['endpoint'] },
    change as Partial<EndpointTarget>,
  ) as EndpointTarget;
  const counts = { connections: 0, requests: 0, commands: 0 };
  const context = {
    signal: new AbortController().signal,
    now: () => NOW,
    log: () => {},
    count: (what: keyof typeof counts, n = 1) => {
      counts[what] += n;
    },
  };
  const facts: FactBundle['facts'] = {
    ...(await httpProbe.collect(target, context, new Set(['http']))),
    ...(await exposedFilesProbe.collect(target, context, new Set(['exposed']))),
  };
  const bundle: FactBundle = { targetId: 'web', kind: 'endpoint', collectedAt: NOW, facts };
  const settings = (check: (typeof OURS)[number]): CheckSettings => ({
    enabled: true,
    options: check.options.parse({}),
  });
  return { findings: evaluate({ target, bundle, checks: OURS, settings, now: NOW }), counts, facts };
}

const statuses = ({ findings }: Audit) =>
  Object.fromEntries(
    [...byCheck(findings)].map(([id, list]) => [
      id.replace('headers.', ''),
      worstStatus(list.map((one) => one.status)),
    ]),
  );
const failing = ({ findings }: Audit, check: string) =>
  findings.filter((one) => one.check === check && one.status === 'fail').map((one) => one.subject);

const TLS = 'ssl_certificate {dir}/cert.pem; ssl_certificate_key {dir}/key.pem;';
const GOOD = `
add_header Strict-Transport-Security "max-age=63072000; includeSubDomains; preload" always;
add_header Content-Security-Policy "default-src 'none'; script-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'" always;
add_header X-Content-Type-Options nosniff always;
add_header Referrer-Policy no-referrer always;
add_header Permissions-Policy "camera=(), microphone=(), geolocation=()" always;
add_header Cross-Origin-Opener-Policy same-origin always;
add_header Cross-Origin-Embedder-Policy require-corp always;
add_header Cross-Origin-Resource-Policy same-origin always;`;

const servers: Nginx[] = [];
async function start(conf: string, files?: Record<string, string | Buffer>): Promise<Nginx> {
  const server = await startNginx({ conf, ...(files ? { files } : {}) });
  servers.push(server);
  return server;
}
afterAll(async () => {
  for (const server of servers) await server.stop();
});

const lacks = missingPackages().filter((name) => name === 'nginx' || name === 'openssl');
describe.skipIf(lacks.length > 0)(`nginx${lacks.length > 0 ? ` (needs ${lacks.join(', ')})` : ''}`, () => {
  describe('well kept', () => {
    let server: Nginx;
    let result: Audit;
    beforeAll(async () => {
      server = await start(
        `server_tokens off;
         server { listen {http}; return 301 https://$host$request_uri; }
         server { listen {https} ssl; ${TLS} root {dir}/www; ${GOOD}
           add_header Set-Cookie "__Host-sid=abc123secret; Path=/; Secure; HttpOnly; SameSite=Lax" always;
           location /.well-known/ { default_type text/plain; } }`,
        {
          'index.html': '<!doctype html><title>Shop</title><script src="/a.js"></script><img src="/a.png">',
          '.well-known/security.txt': 'Contact: mailto:security@shop.example\nExpires: 2027-06-30T00:00:00Z\n',
        },
      );
      result = await audit(server.https, { ca: [readFileSync(server.certificate, 'utf8')] });
    });

    it('passes every check', () => {
      const found = statuses(result);
      const passing = { ...found };
      // Port 80 of the loopback address belongs to whoever else runs on this machine.
      delete passing['https-redirect'];
      delete passing['address-consistency'];
      delete passing['hsts-preload'];
      delete passing.observatory;
      expect([...new Set(Object.values(passing))], JSON.stringify(found)).toEqual(['pass']);
    });

    it('is asked on few connections', () => {
      // 120 for exposed files at most, and the http probe's own.
      expect(result.counts.requests).toBeLessThan(140);
      expect(result.counts.connections).toBeLessThanOrEqual(10);
    });

    it('has a certificate that is trusted with its anchor and not without', async () => {
      const trusted = result.facts.http;
      expect(trusted?.ok && trusted.value.certificateError).toBeNull();
      const plain = (await audit(server.https)).facts.http;
      expect(plain?.ok && plain.value.certificateError).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
      expect(plain?.ok && plain.value.hops[0]?.headers).toEqual(
        trusted?.ok &&
          trusted.value.hops[0]?.headers.map(([name, value]) => [name, name === 'Date' ? expect.any(String) : value]),
      );
    });

    it('shows no cookie value in its findings', () => {
      expect(JSON.stringify(result.findings)).not.toContain('abc123secret');
    });
  });

  it('over TLS, with a page that loads in the clear, half a policy for isolation and no wish to be preloaded', async () => {
    const server = await start(
      `server { listen {https} ssl; ${TLS} root {dir}/www; add_header Strict-Transport-Security "max-age=300";
         add_header Cross-Origin-Opener-Policy "same-orign"; add_header Cross-Origin-Embedder-Policy "require-corp"; }`,
      {
        'index.html':
          '<!doctype html><title>Shop</title><img src="http://cdn.other.net/a.png"><script src="http://cdn.other.net/a.js"></script>',
      },
    );
    const found = statuses(await audit(server.https, { ca: [readFileSync(server.certificate, 'utf8')] }));
    expect(found).toMatchObject({
      'mixed-content': 'fail',
      'cross-origin-isolation': 'fail',
      'hsts-preload': 'fail',
      hsts: 'fail',
    });
  });

  describe('neglected, over plain HTTP', () => {
    let result: Audit;
    beforeAll(async () => {
      const server = await start(
        `server { listen {http}; root {dir}/www;
           add_header Set-Cookie "PHPSESSID=1; path=/";
           add_header X-Powered-By "PHP/8.1.2";
           add_header X-XSS-Protection "1; mode=block";
           add_header Access-Control-Allow-Origin $http_origin; add_header Access-Control-Allow-Credentials true;
           location = /nginx_status { stub_status; } }`,
        {
          'index.html': '<!doctype html><title>Shop</title><script src="https://cdn.other.net/a.js"></script>',
          '.env': 'DB_PASSWORD=hunter2secret\n',
          '.git/HEAD': 'ref: refs/heads/main\n',
          'backup.tar.gz': gzipSync('x'),
        },
      );
      result = await audit(server.http);
    });

    it('fails what it should', () => {
      expect(statuses(result)).toMatchObject({
        'https-redirect': 'fail',
        hsts: 'fail',
        csp: 'fail',
        'csp-base-uri': 'fail',
        'csp-form-action': 'fail',
        'csp-object-src': 'fail',
        'frame-protection': 'fail',
        'content-type-options': 'fail',
        'referrer-policy': 'fail',
        'permissions-policy': 'fail',
        cookies: 'fail',
        cors: 'fail',
        sri: 'fail',
        disclosure: 'fail',
        deprecated: 'fail',
        'security-txt': 'fail',
        'mixed-content': 'not-applicable',
        observatory: 'fail',
        'secrets.exposed-files': 'fail',
      });
    });

    it('gives away its files, and the report does not', () => {
      expect(failing(result, 'secrets.exposed-files')).toEqual([
        '/.env',
        '/.git/HEAD',
        '/backup.tar.gz',
        '/nginx_status',
      ]);
      expect(JSON.stringify([result.findings, result.facts.exposed])).not.toContain('hunter2secret');
    });

    it('echoes every origin, null too', () => {
      expect(failing(result, 'headers.cors')).toEqual([
        'https://seaworthy.invalid',
        'null',
        'https://127.0.0.1.seaworthy.invalid',
      ]);
    });

    it('names its version', () => {
      expect(failing(result, 'headers.disclosure')).toEqual(expect.arrayContaining(['server', 'x-powered-by']));
    });
  });

  describe('half right', () => {
    let server: Nginx;
    beforeAll(async () => {
      server = await start(
        `server { listen {http}; root {dir}/www;
           location = /twice { add_header X-Frame-Options DENY; add_header X-Frame-Options SAMEORIGIN; add_header Content-Type "text/html"; return 200 "x"; }
           location = /loop { return 302 /loop2; } location = /loop2 { return 302 /loop; }
           location = /metadata { return 302 http://169.254.169.254/latest/; }
           location = /api { default_type application/json; return 200 "{}"; }
           location = /broken { return 502; } }
         server { listen {https} ssl; ${TLS} root {dir}/www;
           add_header X-Content-Type-Options nosniff; add_header X-Frame-Options DENY; add_header Strict-Transport-Security "max-age=31536000"; add_header Strict-Transport-Security "max-age=0"; }`,
        {
          'index.html': '<title>Shop</title><img src="http://img.other.net/a.png"><form action="http://a.other.net/">',
        },
      );
    });

    it('forgets its headers on the 404', async () => {
      const result = await audit(server.https);
      expect(failing(result, 'headers.error-pages').sort()).toEqual(
        ['X-Content-Type-Options', 'frame protection', 'Strict-Transport-Security'].sort(),
      );
      expect(failing(result, 'headers.mixed-content')).toHaveLength(2);
      expect(failing(result, 'headers.hsts')).toEqual(['']);
    });

    it('sends a header twice, and both lines are kept', async () => {
      const result = await audit(`${server.http}twice`);
      const { http } = result.facts;
      expect(http?.ok && http.value.hops[0]?.headers.filter(([name]) => name === 'X-Frame-Options')).toEqual([
        ['X-Frame-Options', 'DENY'],
        ['X-Frame-Options', 'SAMEORIGIN'],
      ]);
      expect(statuses(result)).toMatchObject({ 'frame-protection': 'fail' });
    });

    it.each([
      ['loop', /redirect loop/],
      ['metadata', /not followed: a loopback target points to the metadata address/],
    ])('leads nowhere: %s', async (path, reason) => {
      const result = await audit(`${server.http}${path}`);
      expect(statuses(result)).toMatchObject({ csp: 'unknown', 'frame-protection': 'unknown' });
      expect(result.findings.find((one) => one.check === 'headers.csp')?.message).toMatch(reason);
    });

    it('answers JSON, which needs no policy', async () => {
      expect(statuses(await audit(`${server.http}api`))).toMatchObject({
        csp: 'not-applicable',
        'content-type-options': 'fail',
      });
    });

    it('is broken, which says nothing about its headers', async () => {
      expect(statuses(await audit(`${server.http}broken`))).toMatchObject({ csp: 'unknown', observatory: 'unknown' });
    });
  });

  it('stops when it is told to', async () => {
    const server = await startNginx({ conf: 'server { listen {http}; return 200 ok; }' });
    await server.stop();
    await expect(fetch(server.http)).rejects.toThrow();
  });

  it('of a starter that was killed is ended by the next one', async () => {
    const module = new URL('./lab/nginx.ts', import.meta.url).href;
    const code = `const { startNginx } = await import(${JSON.stringify(module)});
      const server = await startNginx({ conf: 'server { listen {http}; return 200 ok; }' });
      process.stdout.write(server.http); setInterval(() => {}, 1000);`;
    const starter = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [url] = (await once(starter.stdout, 'data')).map(String);
    expect(await (await fetch(url ?? '')).text()).toBe('ok');
    starter.kill('SIGKILL');
    await once(starter, 'exit');
    await start('server { listen {http}; return 200 ok; }');
    await expect.poll(() => fetch(url ?? '').catch(() => 'gone'), { timeout: 30_000 }).toBe('gone');
  });
});
