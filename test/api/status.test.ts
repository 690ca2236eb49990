import { Parser } from 'htmlparser2';
import { describe, expect, it } from 'vitest';
import type { ApiPorts } from '../../src/api/ports.ts';
import { fakeApi, NOW } from './fake-ports.ts';

const at = new Date(NOW).toISOString();

/** Names of the elements of a document and whether every one that was opened was closed in order. */
function elements(xml: string): { names: string[]; balanced: boolean } {
  const names: string[] = [];
  const open: string[] = [];
  let balanced = true;
  const parser = new Parser(
    {
      onopentag(name) {
        names.push(name);
        open.push(name);
      },
      onclosetag(name) {
        if (open.pop() !== name) balanced = false;
      },
    },
    { xmlMode: true, recognizeSelfClosing: true },
  );
  parser.write(xml);
  // Only what the text itself closed counts.
  balanced &&= open.length === 0;
  parser.end();
  return { names, balanced };
}

function bench() {
  let now = NOW;
  let broken = false;
  const made = fakeApi({
    change(ports: ApiPorts) {
      ports.now = () => now;
      const { some } = ports.monitors;
      ports.monitors.some = async (filter) => {
        if (broken) throw new Error('the store is gone');
        return some(filter);
      };
      const { page } = ports.incidents;
      ports.incidents.page = async (query) => {
        const { items } = await page(query);
        const [one] = items;
        if (!one) return { items: [], nextCursor: null };
        return {
          items: [
            {
              ...one,
              id: 'i7',
              source: 'monitor',
              title: 'secret <reason>',
              target: query.target ?? null,
              resolvedAt: at,
            },
            { ...one, id: 'i8', source: 'audit', title: 'a finding' },
          ],
          nextCursor: null,
        };
      };
    },
  });
  return {
    ...made,
    later(ms: number) {
      now += ms;
    },
    breakStore() {
      broken = true;
    },
  };
}

describe('the public status page', () => {
  it('shows what is published with its history, and nothing else', async () => {
    const text = await (await bench().app.request('/status')).text();
    expect(text).toContain('Shop &lt;web&gt;');
    expect(text).toMatch(/was down from 2026-11-20 12:00 UTC\s+to 2026-11-20 12:00 UTC/);
    expect(text.match(/<rect/g)).toHaveLength(90);
    for (const hidden of ['Secret shop', 'secret', 'a finding', 'refused', '<script'])
      expect(text).not.toContain(hidden);
  });

  it('is cached, and answers that nothing changed', async () => {
    const { app } = bench();
    for (const path of ['/status', '/status/feed.atom']) {
      const first = await app.request(path);
      const etag = first.headers.get('etag') ?? '';
      expect(first.headers.get('cache-control')).toContain('max-age=30');
      const again = await app.request(path, { headers: { 'If-None-Match': etag } });
      expect([again.status, await again.text()], path).toEqual([304, '']);
    }
  });

  it('serves the last good copy with its age when the store is gone', async () => {
    const { app, later, breakStore } = bench();
    await app.request('/status');
    breakStore();
    later(10 * 60_000);
    const answer = await app.request('/status');
    const text = await answer.text();
    expect(answer.status).toBe(200);
    expect(text).toContain('This copy is 10 min old');
    expect(text).toContain('Shop &lt;web&gt;');
    expect((await app.request('/status/feed.atom')).status).toBe(200);
  });

  it('forgets its copy of what is published no longer', async () => {
    const { app, ports } = bench();
    await app.request('/status');
    ports.publish = () => ({ status: [], badges: [], metrics: false });
    expect(await (await app.request('/status')).text()).not.toContain('Shop');
  });

  it('has a well-formed Atom feed with what RFC 4287 requires', async () => {
    const answer = await bench().app.request('http://status.example/status/feed.atom');
    expect(answer.headers.get('content-type')).toContain('application/atom+xml');
    const xml = await answer.text();
    const { names, balanced } = elements(xml);
    expect(balanced).toBe(true);
    expect(names.slice(0, 6)).toEqual(['feed', 'id', 'title', 'updated', 'author', 'name']);
    const entry = names.slice(names.indexOf('entry'));
    expect(entry).toEqual(['entry', 'id', 'title', 'published', 'updated', 'link', 'content']);
    expect(xml).toContain('Shop &#60;web&#62; was down');
    expect(xml).toContain('rel="self" href="http://status.example/status/feed.atom"');
    expect(xml).not.toContain('secret');
  });

  it('gives badges for state and uptime of what is published only', async () => {
    const { app } = bench();
    expect(await (await app.request('/badge/status/shop-web.svg')).text()).toContain('status: up');
    expect(await (await app.request('/badge/uptime/shop-web.svg')).text()).toContain('uptime 30 d: no data');
    expect((await app.request('/badge/status/shop-2.svg')).status).toBe(404);
  });
});
