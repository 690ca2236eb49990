import type { HttpClient, HttpReply, HttpRequest } from './http.ts';
import type { HttpFailure } from './http-failure.ts';

export const MAX_REDIRECTS = 10;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Every answer on the way, in order, and why the way ended early where it did. */
export interface Followed {
  replies: HttpReply[];
  stopped: HttpFailure | null;
}

/** GETs `url` and follows redirects by hand: at most 10, http and https only, loops found, no credentials carried along. */
export async function follow(client: HttpClient, url: string, request: HttpRequest = {}): Promise<Followed> {
  const replies: HttpReply[] = [];
  const seen = new Set<string>();
  let next = url;
  for (;;) {
    const at = new URL(next).href;
    if (seen.has(at))
      return { replies, stopped: broken(at, 'redirect-loop', `redirect loop: ${at} leads back to itself`) };
    if (replies.length > MAX_REDIRECTS)
      return { replies, stopped: broken(at, 'too-many-redirects', `more than ${MAX_REDIRECTS} redirects`) };
    seen.add(at);
    const result = await client.request(at, request);
    if (!result.ok) return { replies, stopped: result };
    replies.push(result);
    const location = result.headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
    if (!REDIRECTS.has(result.status) || location === undefined) return { replies, stopped: null };
    const target = resolve(location, at);
    if (!target) return { replies, stopped: broken(at, 'bad-redirect', `redirects to "${location.slice(0, 200)}"`) };
    next = target;
  }
}

/** Absolute http(s) URL of a Location, or `null`. Location is bytes; browsers read them as UTF-8. */
function resolve(location: string, base: string): string | null {
  const url = parse(utf8(location), base);
  if (!url || !/^https?:$/.test(url.protocol) || url.href.length > 8_192) return null;
  url.hash = '';
  url.username = '';
  url.password = '';
  return url.href;
}

function parse(text: string, base: string): URL | null {
  return URL.canParse(text, base) ? new URL(text, base) : null;
}

function utf8(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8');
}

function broken(url: string, kind: HttpFailure['kind'], reason: string): HttpFailure {
  return { ok: false, url, kind, reason };
}
