import { readSourceMap, scriptsNamedIn, scriptsOf, sourceMapOf } from '../analysis/served-code.ts';
import { AbsentError } from '../core/collected.ts';
import type { ServedFacts } from '../core/facts/served.ts';
import type { EndpointTarget } from '../core/target.ts';
import { createHttpClient, type HttpReply } from '../net/http.ts';
import { follow } from '../net/http-follow.ts';
import { createPoliteClient, type PoliteClient } from '../net/http-polite.ts';
import { createCollector, type LeakCollector } from '../secrets/collect.ts';
import { fullScanner } from '../secrets/scanner.ts';
import { type ProbeContext, probeOf } from './probe.ts';

/** Most requests that one look sends, the way to the page included. */
export const REQUEST_BUDGET = 60;
const PER_SECOND = 15;
const PAGE_LIMIT = 2 * 1024 * 1024;
const SCRIPT_LIMIT = 8 * 1024 * 1024;
const MAP_LIMIT = 24 * 1024 * 1024;
/** Of everything together. */
const TOTAL_LIMIT = 64 * 1024 * 1024;
const TIMEOUT_MS = 15_000;
/** Scripts that name no source map are asked for one beside them, as bundlers write it, up to so many. */
const GUESSED_MAPS = 8;
const MAX_UNREAD = 50;

/** Reads what a site hands to everybody and looks for secrets in it: the page, scripts of its origin, source maps. */
export const servedCodeProbe = probeOf({ key: 'served', on: ['endpoint'], timeoutMs: 120_000, look });

interface Look {
  polite: PoliteClient;
  collector: LeakCollector;
  facts: ServedFacts;
  guessed: number;
}

async function look(target: EndpointTarget, context: ProbeContext): Promise<ServedFacts> {
  if (target.protocol !== 'http' && target.protocol !== 'https')
    throw new AbsentError('not-applicable', `${target.url} does not speak HTTP`);
  let requests = 0;
  const client = createHttpClient({
    home: target.host,
    signal: context.signal,
    timeoutMs: TIMEOUT_MS,
    count: (what) => {
      if (what === 'requests') requests += 1;
      context.count(what);
    },
    ...(target.addresses ? { addresses: target.addresses } : {}),
    ...(target.ca ? { ca: target.ca } : {}),
  });
  try {
    const { replies, stopped } = await follow(client, target.url, { bodyLimit: PAGE_LIMIT, latin1: true });
    const page = replies.at(-1);
    if (!page || new URL(page.url).hostname !== new URL(target.url).hostname) {
      const reason = page
        ? `the page is at another host: ${new URL(page.url).hostname}`
        : (stopped?.reason ?? 'no answer');
      const late = /^(timeout|filtered|cancelled)$/.test(stopped?.kind ?? '');
      throw new AbsentError(page ? 'not-applicable' : late ? 'timeout' : 'unreachable', `${target.url}: ${reason}`);
    }
    const { signal } = context;
    const limits = { budget: REQUEST_BUDGET, perSecond: PER_SECOND, spent: () => requests, signal };
    const one: Look = {
      polite: createPoliteClient(client, limits),
      collector: createCollector(fullScanner(), process.env.SEAWORTHY_FINGERPRINT_KEY),
      facts: {
        ...{ origin: new URL(page.url).origin, requests: 0, maps: [], foreign: [], unread: [], leaks: [] },
        read: { pages: 0, scripts: 0, maps: 0, sources: 0, bytes: 0 },
      },
      guessed: 0,
    };
    await readAll(page, one);
    const { leaks, unscanned } = one.collector.result();
    for (const { file, reason } of unscanned) missed(one, file, reason);
    return { ...one.facts, requests, leaks, unread: one.facts.unread.slice(0, MAX_UNREAD) };
  } finally {
    await client.close();
  }
}

async function readAll(page: HttpReply, one: Look): Promise<void> {
  one.facts.read.pages += 1;
  take(page, one, PAGE_LIMIT);
  const waiting = scriptsOf(page.body, page.url);
  const seen = new Set([page.url, ...waiting.map(({ href }) => href)]);
  for (let url = waiting.shift(); url; url = waiting.shift()) {
    if (url.origin !== one.facts.origin) {
      if (!one.facts.foreign.includes(url.origin) && one.facts.foreign.length < 50) one.facts.foreign.push(url.origin);
      continue;
    }
    const script = await get(url, SCRIPT_LIMIT, one);
    // The page that is served for everything is no script.
    if (script === null || /^\s*</.test(script.body)) continue;
    one.facts.read.scripts += 1;
    take(script, one, SCRIPT_LIMIT);
    await readMap(script, one);
    for (const other of scriptsNamedIn(script.body, script.url)) {
      if (seen.has(other.href) || other.origin !== one.facts.origin) continue;
      seen.add(other.href);
      waiting.push(other);
    }
  }
}

async function readMap(script: HttpReply, one: Look): Promise<void> {
  const header = script.headers.find(([name]) => /^(?:x-)?sourcemap$/i.test(name))?.[1];
  const named = header ?? sourceMapOf(script.body);
  const inline = named === null ? null : /^data:application\/json[^,]*;base64,(.+)$/.exec(named)?.[1];
  const path = new URL(script.url).pathname;
  if (inline) {
    sources(`${path} (its map)`, Buffer.from(inline, 'base64').toString('utf8'), one);
    return;
  }
  if (named === null && one.guessed++ >= GUESSED_MAPS) return;
  const wanted = named ?? `${path}.map`;
  const url = URL.canParse(wanted, script.url) ? new URL(wanted, script.url) : null;
  if (url === null || url.origin !== one.facts.origin) return;
  const map = await get(url, MAP_LIMIT, one, named === null);
  if (map === null) return;
  if (sources(url.pathname, Buffer.from(map.body, 'latin1').toString('utf8'), one)) {
    if (one.facts.maps.length < 100) one.facts.maps.push(one.collector.named(url.pathname));
  } else if (map.bodyTruncated) missed(one, url.pathname, 'larger than is read of a source map');
}

/** Scans what a source map carries; `false` where the text is none. */
function sources(path: string, text: string, one: Look): boolean {
  const found = readSourceMap(text);
  if (found === null) return false;
  one.facts.read.maps += 1;
  for (const { name, content } of found) {
    one.facts.read.sources += 1;
    one.collector.add(Buffer.from(content), { file: `${path}!${name}` });
  }
  return true;
}

/** The answer where it is a 200; what was not answered is noted, unless it was only a guess. */
async function get(url: URL, limit: number, one: Look, guess = false): Promise<HttpReply | null> {
  if (one.facts.read.bytes >= TOTAL_LIMIT) {
    missed(one, url.pathname, 'more is served than is read');
    return null;
  }
  const bodyLimit = Math.min(limit, TOTAL_LIMIT - one.facts.read.bytes);
  const result = await one.polite.ask(url.href, { bodyLimit, latin1: true, headers: { accept: '*/*' } });
  if (!result.ok) {
    if (!guess) missed(one, url.pathname, result.reason);
    return null;
  }
  if (result.status === 429 || result.status === 503) missed(one, url.pathname, `the server answers ${result.status}`);
  one.facts.read.bytes += result.body.length;
  return result.status === 200 ? result : null;
}

function take(reply: HttpReply, one: Look, limit: number): void {
  const file = new URL(reply.url).pathname;
  one.collector.add(Buffer.from(reply.body, 'latin1'), { file });
  if (reply.bodyTruncated) missed(one, file, `only the first ${Math.round(limit / 1024 / 1024)} MB were read`);
}

function missed(one: Look, path: string, reason: string): void {
  if (one.facts.unread.length < MAX_UNREAD) one.facts.unread.push({ path: one.collector.named(path), reason });
}
