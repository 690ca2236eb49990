import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { auditReportSchema } from '../../src/core/report.ts';
import { REQUEST_BUDGET } from '../../src/probes/exposed-files.ts';
import { base62Checksum } from '../../src/secrets/checksum.ts';
import { sample } from '../../src/secrets/sample.ts';
import { cli } from '../cli/support.ts';
import { repository } from '../secrets/git-repository.ts';
import { missingPackages } from '../support/packages.ts';
import { type Nginx, startNginx } from './lab/nginx.ts';

const ready = !missingPackages().some((name) => name === 'nginx' || name === 'openssl');
const github = (seed: number) => {
  const body = sample(30, 'base62', seed);
  return `ghp_${body}${base62Checksum(body)}`;
};
const [INLINE, COMMENT, BUNDLED, CHUNK, MAPPED, HIDDEN, SETTING] = [1, 2, 3, 4, 5, 6, 7].map(github) as [
  string,
  ...string[],
];
const map = (source: string, content: string) =>
  JSON.stringify({ version: 3, sources: [source], sourcesContent: [content], names: [], mappings: 'AAAA' });

const FILES = {
  'index.html': `<!doctype html><title>Shop</title>
<!-- deploy with ${COMMENT} -->
<script>window.token = "${INLINE}";</script>
<script src="/static/app.js?v=3"></script><script type="module" src="static/vendor.js"></script>
<script src="https://cdn.example/x.js"></script>`,
  'static/app.js': `const a="${BUNDLED}";import("./chunk-9f.js");\n//# sourceMappingURL=app.js.map`,
  'static/chunk-9f.js': `export const c='${CHUNK}';`,
  'static/vendor.js': 'export default 1;',
  'static/app.js.map': map('webpack://shop/src/config.ts', `// settings\nexport const token = '${MAPPED}';\n`),
  'static/vendor.js.map': map('../src/vendor.ts', `const t = '${HIDDEN}';`),
  '.env': `APP_ENV=production\nGITHUB_TOKEN=${SETTING}\n`,
  '.git/HEAD': 'ref: refs/heads/main\n',
  'backups/site.txt': 'x',
  id_rsa: `-----BEGIN OPENSSH PRIVATE KEY-----\n${sample(70)}\n-----END OPENSSH PRIVATE KEY-----\n`,
};

const cleanups: (() => Promise<void> | void)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups) await cleanup();
});
async function start(location: string, files: Record<string, string> = FILES): Promise<Nginx> {
  const conf = `log_format t '$msec $status $request_uri'; server { listen {http}; root {dir}/www; access_log {dir}/access.log t; ${location} }`;
  const server = await startNginx({ conf, files });
  cleanups.push(() => server.stop());
  return server;
}

async function audit(...targets: string[]) {
  const { out } = await cli(['audit', ...targets, '--only', 'secrets', '--format', 'json']);
  const { targets: reports } = auditReportSchema.parse(JSON.parse(out));
  const findings = reports.flatMap((report) => report.findings);
  const failed = (check: string) => findings.filter((one) => one.check === check && one.status === 'fail');
  return { out, findings, failed, reports };
}

describe.skipIf(!ready && process.env.CI !== 'true')('a site of a real nginx', () => {
  it('that serves secrets and files: each is found where it is, none is told', async () => {
    const server = await start('location / { try_files $uri $uri/ =404; } location /backups/ { autoindex on; }');
    const { out, failed } = await audit(server.http);
    expect(
      failed('secrets.served-code')
        .map(({ subject }) => subject)
        .sort(),
    ).toEqual([
      '/:2',
      '/:3',
      '/static/app.js.map!webpack://shop/src/config.ts:2',
      '/static/app.js:1',
      '/static/chunk-9f.js:1',
      '/static/vendor.js.map!../src/vendor.ts:1',
    ]);
    expect(
      failed('secrets.exposed-files')
        .map(({ subject }) => subject)
        .sort(),
    ).toEqual(['/.env', '/.git/HEAD', '/backups/', '/id_rsa']);
    for (const secret of [INLINE, COMMENT, BUNDLED, CHUNK, MAPPED, HIDDEN, SETTING]) expect(out).not.toContain(secret);

    const log = readFileSync(join(server.directory, 'access.log'), 'utf8').trim().split('\n');
    expect(log.length).toBeLessThan(REQUEST_BUDGET);
    const times = log.map((line) => Number(line.split(' ')[0]) * 1_000);
    const within = times.map((time) => times.filter((other) => other >= time && other < time + 1_000).length);
    expect(Math.max(...within), 'at most 50 and 15 a second, and what leads to the pages').toBeLessThan(90);
  });

  it('that answers its page to everything, also with 200 to what cannot be: nothing is found', async () => {
    const page = '<!doctype html><title>Shop</title><div id="root"></div><script src="/static/app.js"></script>';
    const server = await start('location / { try_files /index.html =404; }', { 'index.html': page });
    const { failed, findings } = await audit(server.http);
    expect(failed('secrets.exposed-files')).toEqual([]);
    expect(failed('secrets.served-code')).toEqual([]);
    expect(findings.find(({ check }) => check === 'secrets.exposed-files')?.message).toContain('answered with 200');
  });

  it('that answers the same settings, listing or dump to everything: nothing is found', async () => {
    for (const body of ['A=1\\nB=2\\n', '<title>Index of /</title>', '-- MySQL dump 10.13\\n']) {
      const server = await start(`location / { default_type text/plain; return 200 '${body}'; }`, {});
      expect((await audit(server.http)).failed('secrets.exposed-files')).toEqual([]);
    }
  });

  it('that limits requests is left alone soon, and what was not asked is unknown', async () => {
    const server = await start('location / { if ($request_uri !~ "^/(seaworthy-.*)?$") { return 429; } }');
    const { findings, failed } = await audit(server.http);
    expect(failed('secrets.exposed-files')).toEqual([]);
    const gap = findings.find(({ check, status }) => check === 'secrets.exposed-files' && status === 'unknown');
    expect(gap?.details?.paths).toContain('/.git/HEAD');
    const log = readFileSync(join(server.directory, 'access.log'), 'utf8');
    expect(log.match(/ 429 /g)?.length).toBeLessThan(20);
  });

  it('that serves what a repository has: one leak, named at every place, a step worse', async () => {
    const one = repository();
    cleanups.push(one.remove);
    one.write('test/fixtures/setup.ts', `export const token = '${BUNDLED}';\nexport const other = '${SETTING}';\n`);
    one.commit('a');
    const server = await start('location / { try_files $uri $uri/ =404; }');
    const { reports, failed } = await audit(one.root, server.http);
    const tree = failed('secrets.repository');
    const served = failed('secrets.served-code').find(({ subject }) => subject === '/static/app.js:1');
    const env = failed('secrets.exposed-files').find(({ subject }) => subject === '/.env');
    expect(
      tree.map(({ severity }) => severity),
      'medium in fixtures alone',
    ).toEqual(['critical', 'critical']);
    const here = tree.find(({ details }) => details?.fingerprint === served?.details?.fingerprint);
    expect(here?.message).toContain(`also served as /static/app.js:1 (${server.http})`);
    expect(here?.message).toContain('both committed and served, hence critical');
    expect(served?.message).toContain('also in test/fixtures/setup.ts:1');
    expect(env?.details?.alsoIn).toContainEqual(
      expect.objectContaining({ check: 'secrets.repository', subject: 'test/fixtures/setup.ts:2' }),
    );
    const alone = await audit(one.root);
    expect(alone.failed('secrets.repository').map(({ severity }) => severity)).toEqual(['medium', 'medium']);
    expect(reports[0]?.score).toBeLessThan(alone.reports[0]?.score ?? 0);
  });
});
