import { createServer, type RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { proofOf } from '../../src/analysis/exposed-file.ts';
import { exposedFacts } from '../../src/core/facts/exposed.ts';
import type { EndpointTarget } from '../../src/core/target.ts';
import { EXPOSED_FILES } from '../../src/knowledge/exposed-files.ts';
import { makeExposedFilesProbe, REQUEST_BUDGET } from '../../src/probes/exposed-files.ts';
import { exampleTarget } from '../support/targets.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const SECRET = 'hunter2-very-secret';
const DOTENV = `# settings\nAPP_ENV=production\nDB_PASSWORD=${SECRET}\n`;
const PAGE = '<!doctype html><title>Shop</title><p>A=b';

async function look(listener: RequestListener, path = '/') {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const change = { protocol: 'http', url: `http://127.0.0.1:${port}${path}`, host: '127.0.0.1', port } as const;
  const target = exampleTarget({ needs: ['exposed'], on: ['endpoint'] }, change) as EndpointTarget;
  const gathered = await makeExposedFilesProbe(undefined, 10_000).collect(
    target,
    { signal: new AbortController().signal, now: () => 0, log: () => {}, count: () => {} },
    new Set(['exposed']),
  );
  if (!gathered.exposed?.ok) throw new Error('no facts');
  return exposedFacts.parse(gathered.exposed.value);
}

describe('exposed files', () => {
  it('are found by their content, which is kept redacted', async () => {
    const files: Record<string, string | Buffer> = {
      '/.env': DOTENV,
      '/.git/HEAD': 'ref: refs/heads/main\n',
      '/backup.sql.gz': gzipSync('-- MySQL dump'),
      '/.DS_Store': Buffer.from('\x00\x00\x00\x01Bud1\x00', 'latin1'),
      '/server-status': '<title>Apache Status</title>',
    };
    const facts = await look((request, response) => {
      const file = files[request.url ?? ''];
      response.writeHead(file === undefined ? 404 : 200).end(file);
    });
    expect(facts.found.map(({ path }) => path)).toEqual([
      '/.env',
      '/.git/HEAD',
      '/.DS_Store',
      '/backup.sql.gz',
      '/server-status',
    ]);
    expect(JSON.stringify(facts)).not.toContain(SECRET);
    expect(facts.found[0]?.proof).toBe('APP_ENV=(redacted) DB_PASSWORD=(redacted)');
    expect(facts.control).toEqual({ status: 404, soft: false });
  });

  it('are not seen in a server that answers its page to everything', async () => {
    const facts = await look((_, response) => response.end(PAGE));
    expect(facts.found).toEqual([]);
    expect(facts.control.soft).toBe(true);
  });

  it.each([
    ['settings', DOTENV],
    ['an archive', gzipSync('x')],
    ['a git head', 'ref: refs/heads/main\n'],
  ])('are not seen in a server that answers %s to everything', async (_, body) => {
    expect((await look((_request, response) => response.end(body))).found).toEqual([]);
  });

  it('are believed where a wildcard by ending would fool a plain control', async () => {
    // Everything that ends in .env is answered alike; nothing else is.
    const facts = await look((request, response) => {
      if (request.url?.endsWith('.env')) response.end(DOTENV);
      else response.writeHead(404).end();
    });
    expect(facts.found).toEqual([]);
  });

  it('are asked for below the path of the target too', async () => {
    const facts = await look((request, response) => {
      if (request.url === '/app/.git/HEAD') response.end('ref: refs/heads/main\n');
      else response.writeHead(404).end();
    }, '/app/');
    expect(facts.found.map(({ path }) => path)).toEqual(['/app/.git/HEAD']);
  });

  it('that could not be asked for are named, and a silent server is left alone', async () => {
    let asked = 0;
    const facts = await look((request, response) => {
      asked += 1;
      if (request.url === '/' || request.url?.startsWith('/seaworthy-')) response.writeHead(404).end();
      else request.socket.resetAndDestroy();
    });
    expect(facts.found).toEqual([]);
    expect(facts.unanswered.length).toBeGreaterThan(40);
    expect(asked).toBeLessThan(25);
  });

  it('are never asked for more often than the budget allows', async () => {
    const facts = await look((_, response) => response.writeHead(404).end(), '/app/');
    expect(facts.requests).toBeLessThanOrEqual(REQUEST_BUDGET);
    expect(facts.unanswered).toEqual([]);
  });
});

describe('proofs', () => {
  const rule = (id: string) => EXPOSED_FILES.find((one) => one.id === id) as (typeof EXPOSED_FILES)[number];

  it.each([
    ['prose with an equals sign', 'Dear visitor,\nwe moved. x = y\n'],
    ['JSON', '{"error":"not found"}'],
    ['an HTML page', PAGE],
    ['a query string', '?a=b&c=d'],
    ['nothing', ''],
  ])('of an environment file do not fit %s', (_, body) => expect(proofOf(rule('dotenv'), body)).toBeNull());

  it('never hold more than 600 characters and never throw', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2_000 }), fc.constantFrom(...EXPOSED_FILES), (body, one) => {
        const proof = proofOf(one, body);
        expect((proof ?? '').length).toBeLessThan(800);
      }),
    );
  });

  it('are read in linear time', () => {
    const started = performance.now();
    for (const unit of ['\n', '#\n', 'A=', 'A=b\n', ' \r\n', 'export ', '"propertySources', '{', '-----BEGIN '])
      for (const one of EXPOSED_FILES) proofOf(one, unit.repeat(16_384 / unit.length));
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
