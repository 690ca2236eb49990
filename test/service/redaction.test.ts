import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import type { AuditItem } from '../../src/api/schemas.ts';
import { base62Checksum } from '../../src/secrets/checksum.ts';
import { sample } from '../../src/secrets/sample.ts';
import { startReceiver } from '../incidents/receiver.ts';
import { repository } from '../secrets/git-repository.ts';
import { browser, startTestService, temporaryFolder } from './support.ts';

const cleanUp: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const work of cleanUp.splice(0).reverse()) await work();
});

const github = (seed: number) => {
  const body = sample(30, 'base62', seed);
  return `ghp_${body}${base62Checksum(body)}`;
};
const [BOTH, OLD, INLINE, SETTING, COOKIE, HOOK] = [11, 12, 13, 14, 15, 16].map(github) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
const PASSWORD = 'kx93-plain-password-4711';

/** A secret as it could slip through: as it is, in base64, in hexadecimal. */
const forms = (secret: string) => [
  secret,
  Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -1),
  Buffer.from(secret).toString('hex'),
];

/** Everything that a database holds, packed values unpacked. */
function everythingIn(file: string): string {
  const db = new Database(file, { readonly: true });
  const tables = db.prepare("select name from sqlite_master where type = 'table'").all() as { name: string }[];
  const values = tables.flatMap(({ name }) => db.prepare(`select * from "${name}"`).raw().all().flat());
  db.close();
  return values
    .map((value) => {
      if (!Buffer.isBuffer(value)) return String(value);
      for (const unpack of [gunzipSync, brotliDecompressSync, inflateSync]) {
        try {
          return unpack(value).toString('latin1');
        } catch {}
      }
      return value.toString('latin1');
    })
    .join('\n');
}

it('a service tells nobody the secrets that it finds: not its store, API, log, alerts, metrics or pages', async () => {
  const files: Record<string, string> = {
    '/': `<!doctype html><title>Shop</title><!-- ${INLINE} --><script src="/app.js"></script>`,
    '/app.js': `const token = "${BOTH}";`,
    '/.env': `DB_PASSWORD=${PASSWORD}\nGITHUB_TOKEN=${SETTING}\n`,
  };
  const site = createServer((request, response) => {
    const file = files[request.url ?? ''];
    response.writeHead(file === undefined ? 404 : 200, { 'set-cookie': `session=${COOKIE}; Path=/` }).end(file);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', () => resolve()));
  const repo = repository();
  repo.write(
    'config.ts',
    `export const token = '${BOTH}';\nconst db = 'postgres://shop:${PASSWORD}@db.internal/shop';\n`,
  );
  repo.write('old.ts', `export const token = '${OLD}';\n`);
  repo.commit('a');
  repo.git('rm', '-q', 'old.ts');
  repo.commit('b');
  const folder = temporaryFolder();
  const hook = await startReceiver(() => 204);
  const yaml = `
version: 1
services: [{ id: shop, name: Shop, owner: ana }]
targets:
  - { id: web, service: shop, endpoint: "http://127.0.0.1:${(site.address() as AddressInfo).port}/" }
  - { id: repo, service: shop, repository: "${repo.root}" }
alerting:
  channels: { hook: { webhook: { url: "${hook.url}/hook", secret: "\${env:HOOK_SECRET}" } } }
  routes: [{ channel: hook, groupWait: 0s }]
publish: { status: [web], badges: [web], metrics: true }
`;
  const { service, lines } = await startTestService(folder.path, yaml, { env: { HOOK_SECRET: HOOK } });
  cleanUp.push(
    folder.remove,
    repo.remove,
    () => hook.close(),
    () => void site.close(),
    () => site.closeAllConnections(),
    () => service.stop(),
  );
  const person = await browser(service.loginUrl);
  const events = await person.listen();
  cleanUp.push(() => events.close());
  for (const target of ['web', 'repo']) {
    for (;;) {
      const { body } = await person.call<{ items: AuditItem[] }>('GET', `/api/v1/audits?target=${target}&limit=1`);
      if (body.items[0]?.status === 'done') break;
      await events.until((event) => event.type === 'audit.finished' && event.data.target === target);
    }
  }
  // The first audits run side by side; the next knows what the other target's left.
  const again = await person.call<{ id: string }>('POST', '/api/v1/targets/repo/audit');
  await events.until((event) => event.type === 'audit.finished' && event.data.audit === again.body.id);
  await hook.until((one) => one.all.length >= 1);

  const paths = ['web', 'repo'].flatMap((id) =>
    ['', '/scorecard', '/findings?limit=200', '/history'].map((part) => `/api/v1/targets/${id}${part}`),
  );
  const others = [
    '/api/v1/scorecard',
    '/api/v1/services/shop/scorecard',
    '/api/v1/incidents',
    '/metrics',
    '/status',
    '/',
  ];
  const answers: Record<string, string> = {};
  for (const path of [...paths, ...others]) {
    const response = await fetch(`${person.origin}${path}`, { headers: { Cookie: person.cookie } });
    answers[path] = await response.text();
    expect(response.status, path).toBe(200);
  }
  expect(answers['/api/v1/targets/repo/findings?limit=200'], 'it was found').toContain('config.ts:1');
  expect(answers['/api/v1/targets/web/findings?limit=200']).toContain('/app.js:1');
  expect(answers['/api/v1/targets/repo/findings?limit=200'], 'the other target is named').toContain(
    'also served as /app.js:1 (web)',
  );

  const told: Record<string, string> = {
    ...answers,
    'the store': everythingIn(join(folder.path, 'test.db')),
    'the log': JSON.stringify(lines),
    'the alerts': JSON.stringify(hook.all),
    'the events': JSON.stringify(events.seen),
  };
  expect(told['the store'] ?? '').toContain('github-pat');
  for (const [where, text] of Object.entries(told)) {
    for (const secret of [BOTH, OLD, INLINE, SETTING, COOKIE, HOOK, PASSWORD]) {
      for (const form of forms(secret)) expect(text.includes(form), `${form} in ${where}`).toBe(false);
    }
  }
});
