import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { AbsentError } from '../../src/core/collected.ts';
import { httpFacts } from '../../src/core/facts/http.ts';
import type { EndpointTarget } from '../../src/core/target.ts';
import { httpProbe } from '../../src/probes/http.ts';
import type { ProbeContext } from '../../src/probes/probe.ts';
import { closedPort } from '../support/hostile.ts';
import { exampleTarget } from '../support/targets.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function serve(listener: RequestListener): Promise<string> {
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
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
}

function endpoint(url: string, protocol: EndpointTarget['protocol'] = 'http'): EndpointTarget {
  const { hostname, port } = new URL(url);
  const change = { protocol, url, host: hostname, port: Number(port) };
  return exampleTarget({ needs: ['http'], on: ['endpoint'] }, change) as EndpointTarget;
}

async function look(target: EndpointTarget) {
  const counts = { connections: 0, requests: 0, commands: 0, failures: 0 };
  const context: ProbeContext = {
    signal: new AbortController().signal,
    now: () => 0,
    log: () => {},
    count: (what, n = 1) => {
      counts[what] += n;
    },
  };
  const gathered = await httpProbe.collect(target, context, new Set(['http']));
  if (!gathered.http?.ok) throw new Error('no facts');
  return { facts: httpFacts.parse(gathered.http.value), counts };
}

describe('the http probe', () => {
  it('keeps every hop, the page and the side answers', async () => {
    const asked: string[] = [];
    const url = await serve((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.origin ?? '-'}`);
      if (request.url === '/') response.writeHead(302, { Location: '/home' }).end();
      else if (request.url === '/home')
        response
          .writeHead(
            200,
            [
              ['X-A', '1'],
              ['x-a', '2'],
            ].flat(),
          )
          .end('<p>home');
      else if (request.url === '/.well-known/security.txt') response.end('Contact: mailto:sec@shop.example\n');
      else response.writeHead(404).end('none');
    });
    const { facts, counts } = await look(endpoint(url));
    expect(facts.hops.map((hop) => [hop.url, hop.status])).toEqual([
      [url, 302],
      [`${url}home`, 200],
    ]);
    expect(facts.body).toBe('<p>home');
    expect(facts.hops[1]?.headers.slice(0, 2)).toEqual([
      ['X-A', '1'],
      ['x-a', '2'],
    ]);
    expect(facts.plain.hops).toEqual(facts.hops);
    expect(facts.robots).toMatchObject({ status: 404, body: 'none' });
    expect(facts.missing).toMatchObject({ status: 404 });
    expect(facts.securityTxt).toMatchObject({ status: 200, body: 'Contact: mailto:sec@shop.example\n' });
    expect(facts.cors.map((probe) => probe.origin)).toEqual([
      'https://seaworthy.invalid',
      'null',
      'https://127.0.0.1.seaworthy.invalid',
    ]);
    expect(asked).toContain('OPTIONS /home https://seaworthy.invalid');
    // One more asks for https:// on port 443, which is somebody else's here.
    expect(asked).toHaveLength(9);
    expect(counts.requests).toBeGreaterThanOrEqual(10);
    expect(counts.connections).toBeLessThanOrEqual(6);
  });

  it('asks the preload list about every host on the way, where there is one, and says when it cannot be read', async () => {
    const url = await serve((_, response) => response.end());
    const folder = await mkdtemp(join(tmpdir(), 'seaworthy-preload-'));
    cleanups.push(() => rm(folder, { recursive: true, force: true }));
    const hstsPreloadList = join(folder, 'list.json');
    await writeFile(hstsPreloadList, JSON.stringify({ '127.0.0.1': { mode: 'force-https' } }));
    expect((await look({ ...endpoint(url), hstsPreloadList })).facts.preload).toEqual({
      listed: ['127.0.0.1'],
      error: null,
    });
    const missing = await look({ ...endpoint(url), hstsPreloadList: join(folder, 'none') });
    expect(missing.facts.preload).toMatchObject({ listed: [], error: expect.stringContaining('ENOENT') });
    expect((await look(endpoint(url))).facts.preload).toBeNull();
  });

  it('says where a redirect loop was', async () => {
    const url = await serve((_, response) => response.writeHead(301, { Location: '/' }).end());
    const { facts } = await look(endpoint(url));
    expect(facts.hops).toHaveLength(1);
    expect(facts.stopped?.error).toMatch(/redirect loop/);
  });

  it('is absent, with the reason, where nothing listens', async () => {
    const target = endpoint(`http://127.0.0.1:${await closedPort()}/`);
    const thrown = await look(target).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(AbsentError);
    expect((thrown as AbsentError).absence).toMatchObject({ kind: 'unreachable' });
    expect((thrown as AbsentError).message).toMatch(/connection refused/);
  });

  it('does not apply to what does not speak HTTP', async () => {
    const thrown = await look(endpoint('https://127.0.0.1:1/', 'ssh')).catch((error: unknown) => error);
    expect((thrown as AbsentError).absence.kind).toBe('not-applicable');
  });
});
