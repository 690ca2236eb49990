import { maskFields, maskHeaders } from '../analysis/mask.ts';
import { related } from '../analysis/site.ts';
import { AbsentError } from '../core/collected.ts';
import { reasonOf } from '../core/error.ts';
import type {
  HttpAnswer,
  HttpExchange,
  HttpFacts,
  HttpFailureFact,
  HttpNode,
  HttpTwin,
  HttpView,
  HttpWay,
} from '../core/facts/http.ts';
import type { EndpointTarget } from '../core/target.ts';
import { type Place, placesOf, type Resolve, systemResolve } from '../net/addresses.ts';
import { atEveryPlace, placeName } from '../net/every-place.ts';
import { preloadList } from '../net/hsts-preload.ts';
import { createHttpClient, type HttpClient, type HttpRequest, type HttpResult } from '../net/http.ts';
import type { HttpFailure } from '../net/http-failure.ts';
import { type Followed, follow } from '../net/http-follow.ts';
import { TcpProblem, toAbsent } from '../net/tcp.ts';
import { maskSecrets } from '../secrets/mask.ts';
import { type Probe, type ProbeContext, probeOf } from './probe.ts';

/** A name that can never be registered (RFC 6761), so that no owner of an origin is drawn in. */
const FOREIGN = 'seaworthy.invalid';
/** Of side answers only a little is kept: enough for an error page's signature or a security.txt. */
const SIDE_BODY_LIMIT = 16 * 1024;

const PREFLIGHT: HttpRequest = {
  method: 'OPTIONS',
  headers: { origin: `https://${FOREIGN}`, 'access-control-request-method': 'GET' },
};
/** Most nodes that are looked at, those behind other names of the site included. */
const MAX_NODES = 24;

/**
 * The outside view of a web endpoint at every address it has: at each at most 10 + 10 + 10 redirects and 7 single
 * requests, on kept-alive connections. Where the way leads on to another host of the site that has several addresses,
 * each of those is looked at, too. `resolve` finds addresses instead of the system.
 */
export function makeHttpProbe(resolve: Resolve = systemResolve): Probe<'http', 'endpoint'> {
  return probeOf({
    key: 'http',
    on: ['endpoint'],
    timeoutMs: 60_000,
    look: (target, context) => lookAtHttp(target, context, resolve),
  });
}

export const httpProbe = makeHttpProbe();

/** What one look gave, and which address each host of the site was asked at. */
type Looked = { places: ReadonlyMap<string, Place>; hosts: ReadonlyMap<string, readonly Place[]> } & (
  | { view: HttpView }
  | { failure: HttpFailure }
);

async function lookAtHttp(target: EndpointTarget, context: ProbeContext, resolve: Resolve): Promise<HttpFacts> {
  if (target.protocol !== 'http' && target.protocol !== 'https')
    throw new AbsentError('not-applicable', `${target.url} does not speak HTTP`);
  const home = await placesOf(target, resolve).catch((thrown: unknown) => {
    throw thrown instanceof TcpProblem ? toAbsent(thrown) : new AbsentError('unreachable', reasonOf(thrown), thrown);
  });
  const look = (pins: readonly Place[]) => lookAtNode(target, context, resolve, home, pins);
  const looked = await atEveryPlace(home, (place) => look([place]));
  const first = looked.find((one) => 'view' in one);
  if (!first) {
    const failures = looked.flatMap((one) => ('failure' in one ? [one.failure] : []));
    throw absence(failures.find(({ kind }) => kind !== 'no-route') ?? failures[0] ?? null);
  }
  const start = first.places.get(target.host.toLowerCase());
  looked.push(
    ...(await atEveryPlace(unseen(looked).slice(0, MAX_NODES - home.length), (place) =>
      look(start ? [place, start] : [place]),
    )),
  );
  const nodes = looked.map((one): HttpNode => {
    const address = addressName(one, looked);
    if ('failure' in one) return { address, failure: toFailureFact(one.failure) };
    const { view } = one;
    const same = one !== first && 'view' in first && view.body === first.view.body;
    return { address, view: { ...view, body: same ? null : view.body } };
  });
  const at = looked.indexOf(first);
  const { view } = first as Extract<Looked, { view: HttpView }>;
  return { ...view, address: nodes[at]?.address ?? null, others: nodes.filter((_, index) => index !== at) };
}

/** Addresses of the site's other hosts on the way that no look went to. */
function unseen(looked: readonly Looked[]): Place[] {
  const seen = new Set(looked.flatMap((one) => [...one.places.values()].map(placeName)));
  const all = looked.flatMap((one) => [...one.hosts.values()].flat());
  return [...new Map(all.map((place) => [placeName(place), place])).entries()]
    .filter(([name]) => !seen.has(name))
    .map(([, place]) => place);
}

/** The addresses that tell this look from the others: those of hosts that have several. */
function addressName(one: Looked, all: readonly Looked[]): string {
  const several = new Set(
    all.flatMap(({ hosts }) => [...hosts].flatMap(([host, places]) => (places.length > 1 ? [host] : []))),
  );
  const names = [...one.places].filter(([host]) => several.has(host)).map(([, place]) => placeName(place));
  if (names.length === 0) names.push(...[...one.places.values()].slice(0, 1).map(placeName));
  return [...new Set(names)].join(' and ');
}

async function lookAtNode(
  target: EndpointTarget,
  context: ProbeContext,
  resolve: Resolve,
  home: readonly Place[],
  pins: readonly Place[],
): Promise<Looked> {
  const client = createHttpClient({
    home: target.host,
    addresses: home.map(({ address }) => address),
    resolve,
    pin: { places: pins, from: target.port },
    signal: context.signal,
    count: (what) => context.count(what),
    ...(target.ca ? { ca: target.ca } : {}),
  });
  const host = target.host.toLowerCase();
  const own = pins.find((pin) => home.includes(pin)) ?? home[0];
  const places = new Map<string, Place>(own ? [[host, own]] : []);
  const hosts = new Map<string, readonly Place[]>([[host, home]]);
  try {
    const view = await collect(client, target, context);
    if ('ok' in view) return { failure: view, places, hosts };
    for (const { url } of view.hops) {
      const { hostname, port, protocol } = new URL(url);
      const name = hostname.replace(/^\[|\]$/g, '');
      const reached = client.reached(name);
      if (name === host || reached === null || !related(hostname, new URL(target.url).hostname)) continue;
      const number = Number(port || (protocol === 'https:' ? 443 : 80));
      places.set(name, { address: reached, port: number });
      hosts.set(
        name,
        (await client.addressesOf(name)).map((address) => ({ address, port: number })),
      );
    }
    return { view, places, hosts };
  } finally {
    await client.close();
  }
}

/** What one node answers, or why it gave no first answer. */
async function collect(
  client: HttpClient,
  target: EndpointTarget,
  context: ProbeContext,
): Promise<HttpView | HttpFailure> {
  const way = await follow(client, target.url);
  const first = way.replies[0];
  if (!first) return way.stopped ?? { ok: false, url: target.url, kind: 'unreachable', reason: 'no answer' };
  if (way.stopped) context.log(`${way.stopped.url}: ${way.stopped.reason}`);
  const page = way.replies.at(-1) ?? first;
  // Side questions go to the page's origin; a foreign one that a redirect names is not ours to question.
  const own = [...way.replies].reverse().find((reply) => sameSite(reply.url, target.url)) ?? first;
  const side = (path: string, request: HttpRequest = {}) =>
    client.request(new URL(path, own.url).href, { bodyLimit: SIDE_BODY_LIMIT, ...request }).then(toExchange);
  const origins = [`https://${FOREIGN}`, 'null', `https://${new URL(own.url).hostname}.${FOREIGN}`];

  const [plain, robots, missing, preflight, cors, securityTxt, twin] = await Promise.all([
    plainWay(client, target, way),
    side('/robots.txt'),
    side(`/seaworthy-${Math.random().toString(36).slice(2, 12)}`),
    side(own.url, PREFLIGHT),
    Promise.all(
      origins.map(async (origin) => ({
        origin,
        exchange: await side(own.url, { headers: { origin }, bodyLimit: 0 }),
      })),
    ),
    securityTxtOf(client, own.url),
    target.protocol === 'http' ? twinOf(client, target) : null,
  ]);
  return {
    hops: way.replies.map(toAnswer),
    stopped: way.stopped && toFailureFact(way.stopped),
    body: maskSecrets(maskFields(page.body)),
    bodyTruncated: page.bodyTruncated,
    certificateError: client.certificateError(own.url) ?? client.certificateError(target.url),
    plain,
    robots,
    missing,
    preflight,
    cors,
    securityTxt,
    twin,
    preload: await preloadOf(target, [...way.replies, ...plain.hops, ...(twin?.hops ?? [])]),
  };
}

/** The same page over https:// on its own port, which the Observatory grades wherever it answers; `null` where it does not. */
async function twinOf(client: HttpClient, target: EndpointTarget): Promise<HttpTwin | null> {
  const url = new URL(target.url);
  const https = `https://${url.hostname}${url.pathname}${url.search}`;
  const way = await follow(client, https);
  const page = way.replies.at(-1);
  if (!page) return null;
  const preflight = await client.request(page.url, { bodyLimit: 0, ...PREFLIGHT });
  return {
    ...toWay(way),
    body: maskSecrets(maskFields(page.body)),
    bodyTruncated: page.bodyTruncated,
    certificateError: client.certificateError(page.url) ?? client.certificateError(https),
    preflight: toExchange(preflight),
  };
}

/** Hosts of the answers that the preload list names. A list that cannot be read says so instead of naming none. */
async function preloadOf(target: EndpointTarget, answers: readonly HttpAnswer[]): Promise<HttpView['preload']> {
  if (target.hstsPreloadList === undefined) return null;
  try {
    const list = await preloadList(target.hstsPreloadList);
    const hosts = new Set([target.url, ...answers.map(({ url }) => url)].map((url) => new URL(url).hostname));
    return { listed: [...hosts].filter((host) => list.has(host)), error: null };
  } catch (thrown) {
    return { listed: [], error: reasonOf(thrown) };
  }
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

/** Lines as sent, but for what only the visitor may know. */
function toAnswer({ url, status, headers }: HttpAnswer): HttpAnswer {
  return { url, status, headers: maskHeaders(headers) };
}

function toWay(way: Followed): HttpWay {
  return { hops: way.replies.map(toAnswer), stopped: way.stopped && toFailureFact(way.stopped) };
}

function toFailureFact({ url, kind, reason }: HttpFailure): HttpFailureFact {
  return { url, kind, error: reason, refused: kind === 'refused' };
}

function toExchange(result: HttpResult): HttpExchange {
  if (!result.ok) return toFailureFact(result);
  return { ...toAnswer(result), body: maskSecrets(maskFields(result.body)), bodyTruncated: result.bodyTruncated };
}

function absence(failure: HttpFailure | null): AbsentError {
  const kind = /^(timeout|filtered|cancelled)$/.test(failure?.kind ?? '') ? 'timeout' : 'unreachable';
  return new AbsentError(kind, failure ? `${failure.url}: ${failure.reason}` : 'no answer');
}
