import { AbsentError } from '../core/collected.ts';
import type { HttpAnswer, HttpExchange, HttpFacts, HttpFailureFact, HttpWay } from '../core/facts/http.ts';
import type { EndpointTarget } from '../core/target.ts';
import { createHttpClient, type HttpClient, type HttpRequest, type HttpResult } from '../net/http.ts';
import type { HttpFailure } from '../net/http-failure.ts';
import { type Followed, follow } from '../net/http-follow.ts';
import { type ProbeContext, probeOf } from './probe.ts';

/** A name that can never be registered (RFC 6761), so that no owner of an origin is drawn in. */
const FOREIGN = 'seaworthy.invalid';
/** Of side answers only a little is kept: enough for an error page's signature or a security.txt. */
const SIDE_BODY_LIMIT = 16 * 1024;

/** The outside view of a web endpoint: at most 10 + 10 + 10 redirects and 7 single requests, on kept-alive connections. */
export const httpProbe = probeOf({
  key: 'http',
  on: ['endpoint'],
  timeoutMs: 60_000,
  look: lookAtHttp,
});

async function lookAtHttp(target: EndpointTarget, context: ProbeContext): Promise<HttpFacts> {
  if (target.protocol !== 'http' && target.protocol !== 'https')
    throw new AbsentError('not-applicable', `${target.url} does not speak HTTP`);
  const client = createHttpClient({
    home: target.host,
    signal: context.signal,
    count: (what) => context.count(what),
    ...(target.addresses ? { addresses: target.addresses } : {}),
    ...(target.ca ? { ca: target.ca } : {}),
  });
  try {
    return await collect(client, target, context);
  } finally {
    await client.close();
  }
}

async function collect(client: HttpClient, target: EndpointTarget, context: ProbeContext): Promise<HttpFacts> {
  const way = await follow(client, target.url);
  const first = way.replies[0];
  if (!first) throw absence(way.stopped);
  if (way.stopped) context.log(`${way.stopped.url}: ${way.stopped.reason}`);
  const page = way.replies.at(-1) ?? first;
  // Side questions go to the page's origin; a foreign one that a redirect names is not ours to question.
  const own = [...way.replies].reverse().find((reply) => sameSite(reply.url, target.url)) ?? first;
  const side = (path: string, request: HttpRequest = {}) =>
    client.request(new URL(path, own.url).href, { bodyLimit: SIDE_BODY_LIMIT, ...request }).then(toExchange);
  const origins = [`https://${FOREIGN}`, 'null', `https://${new URL(own.url).hostname}.${FOREIGN}`];

  const [plain, robots, missing, preflight, cors, securityTxt] = await Promise.all([
    plainWay(client, target, way),
    side('/robots.txt'),
    side(`/seaworthy-${Math.random().toString(36).slice(2, 12)}`),
    side(own.url, {
      method: 'OPTIONS',
      headers: { origin: `https://${FOREIGN}`, 'access-control-request-method': 'GET' },
    }),
    Promise.all(
      origins.map(async (origin) => ({
        origin,
        exchange: await side(own.url, { headers: { origin }, bodyLimit: 0 }),
      })),
    ),
    securityTxtOf(client, own.url),
  ]);
  return {
    hops: way.replies.map(toAnswer),
    stopped: way.stopped && toFailureFact(way.stopped),
    body: page.body,
    bodyTruncated: page.bodyTruncated,
    certificateError: client.certificateError(own.url) ?? client.certificateError(target.url),
    plain,
    robots,
    missing,
    preflight,
    cors,
    securityTxt,
  };
}

/** The way from plain HTTP: of port 80 with the target's path, or the target's own way where that is plain already. */
async function plainWay(client: HttpClient, target: EndpointTarget, way: Followed): Promise<HttpWay> {
  if (target.protocol === 'http') return toWay(way);
  const url = new URL(target.url);
  const plain = `http://${url.hostname}${url.pathname}${url.search}`;
  return toWay(await follow(client, plain, { bodyLimit: 0 }));
}

/** RFC 9116 section 3: under /.well-known, or at the top for old times' sake. */
async function securityTxtOf(client: HttpClient, page: string): Promise<HttpExchange> {
  let answer: HttpExchange | null = null;
  for (const path of ['/.well-known/security.txt', '/security.txt']) {
    const { replies, stopped } = await follow(client, new URL(path, page).href, { bodyLimit: SIDE_BODY_LIMIT });
    const last = stopped ?? replies.at(-1);
    if (!last) continue;
    const exchange = toExchange(last);
    answer ??= exchange;
    if ('status' in exchange && exchange.status === 200 && /^\s*(#|-----BEGIN|[A-Za-z-]+:)/.test(exchange.body))
      return exchange;
  }
  return answer ?? { url: page, kind: 'unreachable', error: 'no answer', refused: false };
}

/** Same host, or one below the other: www.shop.example and shop.example, not accounts.example. */
function sameSite(a: string, b: string): boolean {
  const [one, other] = [new URL(a).hostname, new URL(b).hostname];
  return one === other || one.endsWith(`.${other}`) || other.endsWith(`.${one}`);
}

const toAnswer = ({ url, status, headers }: HttpAnswer): HttpAnswer => ({ url, status, headers });

function toWay(way: Followed): HttpWay {
  return { hops: way.replies.map(toAnswer), stopped: way.stopped && toFailureFact(way.stopped) };
}

function toFailureFact({ url, kind, reason }: HttpFailure): HttpFailureFact {
  return { url, kind, error: reason, refused: kind === 'refused' };
}

function toExchange(result: HttpResult): HttpExchange {
  if (!result.ok) return toFailureFact(result);
  return { ...toAnswer(result), body: result.body, bodyTruncated: result.bodyTruncated };
}

function absence(failure: HttpFailure | null): AbsentError {
  const kind = /^(timeout|filtered|cancelled)$/.test(failure?.kind ?? '') ? 'timeout' : 'unreachable';
  return new AbsentError(kind, failure ? `${failure.url}: ${failure.reason}` : 'no answer');
}
