import { createHash } from 'node:crypto';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { html } from 'hono/html';
import { gradeColour } from './badge-colour.ts';
import type { ApiEnv } from './env.ts';
import { page } from './html.ts';
import { lastGood } from './last-good.ts';
import type { ApiPorts } from './ports.ts';
import { notFound } from './problem.ts';
import { statusData } from './status-data.ts';
import { statusFeed } from './status-feed.ts';
import { percent, statusBody, summaryOf } from './status-page.ts';

const FRESH_MS = 15_000;
const CACHE = 'public, max-age=30, stale-if-error=86400';

/** A flat badge, drawn without measuring fonts: about 6.6 px a character at 11 px. */
function badgeSvg(label: string, value: string, colour: string): string {
  const escaped = (text: string) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
  const left = Math.round(label.length * 6.6) + 12;
  const right = Math.round(value.length * 6.6) + 12;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${escaped(label)}: ${escaped(value)}"><title>${escaped(label)}: ${escaped(value)}</title><rect width="${left}" height="20" fill="#444"/><rect x="${left}" width="${right}" height="20" fill="${colour}"/><g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11"><text x="${left / 2}" y="14">${escaped(label)}</text><text x="${left + right / 2}" y="14">${escaped(value)}</text></g></svg>`;
}

const STATE_COLOUR = { up: '#1a7f37', down: '#b3261e', unknown: '#8a5a00' } as const;

/** What can be seen without a token: only what `publish` names, and nothing about findings. */
export function publicRoutes(app: OpenAPIHono<ApiEnv>, ports: ApiPorts): void {
  const badgeHeaders = {
    'Content-Type': 'image/svg+xml',
    'Cache-Control': 'public, max-age=300',
    'Cross-Origin-Resource-Policy': 'cross-origin',
  };

  app.get('/badge/:kind{status|uptime}/:file{.+\\.svg}', async (c) => {
    const id = c.req.param('file').replace(/\.svg$/, '');
    const [monitor] = ports.publish().badges.includes(id) ? await ports.monitors.some({ targets: [id] }) : [];
    if (!monitor) throw notFound('published badge', id);
    const { state, uptime } = monitor;
    const svg =
      c.req.param('kind') === 'status'
        ? badgeSvg('status', state, STATE_COLOUR[state])
        : badgeSvg('uptime 30 d', percent(uptime.month), uptime.month === null ? '#5b6670' : '#1a7f37');
    return c.body(svg, 200, { ...badgeHeaders, 'Cache-Control': 'public, max-age=60' });
  });

  app.get('/badge/:file{.+\\.svg}', async (c) => {
    const id = c.req.param('file').replace(/\.svg$/, '');
    const target = ports.publish().badges.includes(id) ? await ports.fleet.target(id) : null;
    if (!target) throw notFound('published badge', id);
    const value = target.grade ?? (target.lastAuditAt === null ? 'not audited' : 'unknown');
    return c.body(badgeSvg('seaworthy', value, gradeColour(target.grade)), 200, badgeHeaders);
  });

  let published = '';
  let status = lastGood(() => statusData(ports), { freshMs: FRESH_MS, now: ports.now });
  /** What is no longer published must not live on in a copy. */
  const current = () => {
    const names = JSON.stringify(ports.publish().status);
    if (names !== published) status = lastGood(() => statusData(ports), { freshMs: FRESH_MS, now: ports.now });
    published = names;
    return status();
  };

  app.get('/status', async (c) => {
    const good = await current();
    const body = statusBody(good, ports.now());
    // The nonce of the style differs every time, so the tag is over what is shown.
    const etag = `W/"${createHash('sha256')
      .update(String(await body))
      .digest('base64url')
      .slice(0, 22)}"`;
    c.header('Cache-Control', CACHE);
    c.header('ETag', etag);
    if (c.req.header('if-none-match') === etag) return c.body(null, 304);
    const feed = html`<link rel="alternate" type="application/atom+xml" title="Status" href="/status/feed.atom">`;
    return page(c, `Status: ${summaryOf(good.value)}`, body, undefined, feed);
  });

  app.get('/status/feed.atom', async (c) => {
    const xml = statusFeed(await current(), new URL(c.req.url).origin);
    const etag = `"${createHash('sha256').update(xml).digest('base64url').slice(0, 22)}"`;
    const headers = { 'Cache-Control': CACHE, ETag: etag };
    if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers);
    return c.body(xml, 200, { ...headers, 'Content-Type': 'application/atom+xml; charset=utf-8' });
  });
}
