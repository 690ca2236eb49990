import { proofOf } from '../analysis/exposed-file.ts';
import { AbsentError } from '../core/collected.ts';
import { reasonOf } from '../core/error.ts';
import type { ExposedFacts, ExposedView } from '../core/facts/exposed.ts';
import type { HttpFailureFact } from '../core/facts/http.ts';
import type { EndpointTarget } from '../core/target.ts';
import { EXPOSED_FILES, type ExposedFileRule } from '../knowledge/exposed-files.ts';
import { type Place, placesOf, type Resolve, systemResolve } from '../net/addresses.ts';
import { atEveryPlace, placeName } from '../net/every-place.ts';
import { createHttpClient, type HttpClient, type HttpResult } from '../net/http.ts';
import type { HttpFailure } from '../net/http-failure.ts';
import { follow } from '../net/http-follow.ts';
import { TcpProblem, toAbsent } from '../net/tcp.ts';
import { type Probe, type ProbeContext, probeOf } from './probe.ts';

/** Most requests that one look sends to one address, the way to the page and the control requests included. */
export const REQUEST_BUDGET = 120;
/** At a time, so that a small server is not drowned. */
const CONCURRENCY = 3;
const TIMEOUT_MS = 5_000;
/** After so many requests without an answer in a row the rest is left alone. */
const PATIENCE = 4;
const BODY_LIMIT = 16 * 1024;

/** Asks for files that are left within reach by mistake; believes only content, and only where a made-up path differs. */
export function makeExposedFilesProbe(resolve: Resolve = systemResolve): Probe<'exposed', 'endpoint'> {
  return probeOf({
    key: 'exposed',
    on: ['endpoint'],
    timeoutMs: 90_000,
    look: (target, context) => look(target, context, resolve),
  });
}

export const exposedFilesProbe = makeExposedFilesProbe();

interface Candidate {
  rule: ExposedFileRule;
  path: string;
}

/** Every address by itself: a node that is behind on its deployment serves what the others do not. */
async function look(target: EndpointTarget, context: ProbeContext, resolve: Resolve): Promise<ExposedFacts> {
  if (target.protocol !== 'http' && target.protocol !== 'https')
    throw new AbsentError('not-applicable', `${target.url} does not speak HTTP`);
  const home = await placesOf(target, resolve).catch((thrown: unknown) => {
    throw thrown instanceof TcpProblem ? toAbsent(thrown) : new AbsentError('unreachable', reasonOf(thrown), thrown);
  });
  const looked = await atEveryPlace(home, async (place) => ({
    address: placeName(place),
    ...(await lookAtNode(target, context, resolve, home, place)),
  }));
  const first = looked.find((one) => 'view' in one);
  if (!first || !('view' in first)) {
    const failures = looked.flatMap((one) => ('failure' in one ? [one.failure] : []));
    const failure = failures.find(({ kind }) => kind !== 'no-route') ?? failures[0];
    const kind = /^(timeout|filtered|cancelled)$/.test(failure?.kind ?? '') ? 'timeout' : 'unreachable';
    throw new AbsentError(kind, failure ? `${failure.url}: ${failure.error}` : 'no answer');
  }
  return { ...first.view, address: first.address, others: looked.filter((one) => one !== first) };
}

async function lookAtNode(
  target: EndpointTarget,
  context: ProbeContext,
  resolve: Resolve,
  home: readonly Place[],
  place: Place,
): Promise<{ view: ExposedView } | { failure: HttpFailureFact }> {
  let requests = 0;
  const client = createHttpClient({
    home: target.host,
    addresses: home.map(({ address }) => address),
    resolve,
    pin: { places: [place], from: target.port },
    signal: context.signal,
    timeoutMs: TIMEOUT_MS,
    count: (what) => {
      if (what === 'requests') requests += 1;
      context.count(what);
    },
  });
  try {
    const base = await baseOf(client, target);
    if (!(base instanceof URL)) return { failure: toFact(base) };
    const ask = (path: string) =>
      client.request(new URL(path, base).href, { bodyLimit: BODY_LIMIT, latin1: true, headers: { accept: '*/*' } });
    const control = await ask(madeUp('/'));
    if (!control.ok) return { failure: toFact(control) };
    const { found, unanswered } = await askAll(
      ask,
      candidates(base, target),
      () => requests < REQUEST_BUDGET,
      context.signal,
    );
    const soft = control.status >= 200 && control.status < 300;
    return { view: { origin: base.origin, requests, control: { status: control.status, soft }, found, unanswered } };
  } finally {
    await client.close();
  }
}

function toFact({ url, kind, reason }: HttpFailure): HttpFailureFact {
  return { url, kind, error: reason, refused: kind === 'refused' };
}

/** Where the target's page really is, as long as that is the same host; http:// that redirects is asked over https://. */
async function baseOf(client: HttpClient, target: EndpointTarget): Promise<URL | HttpFailure> {
  const { replies, stopped } = await follow(client, target.url, { bodyLimit: 0 });
  const first = replies[0];
  if (!first) return stopped ?? { ok: false, url: target.url, kind: 'unreachable', reason: 'no answer' };
  const own = [...replies].reverse().find((reply) => new URL(reply.url).hostname === new URL(target.url).hostname);
  return new URL((own ?? first).url);
}

function candidates(base: URL, target: EndpointTarget): Candidate[] {
  const folder = new URL(target.url).pathname.replace(/[^/]*$/, '').replace(/\/$/, '');
  return EXPOSED_FILES.flatMap((rule) =>
    rule.paths.flatMap((text) => {
      const path = text.replace('{host}', base.hostname.replace(/^\[|\]$/g, ''));
      return [path, ...(rule.nested && folder ? [`${folder}${path}`] : [])].map((one) => ({ rule, path: one }));
    }),
  );
}

async function askAll(
  ask: (path: string) => Promise<HttpResult>,
  all: readonly Candidate[],
  budgetLeft: () => boolean,
  signal: AbortSignal,
): Promise<Pick<ExposedFacts, 'found' | 'unanswered'>> {
  const found: ExposedFacts['found'] = [];
  const unanswered: ExposedFacts['unanswered'] = [];
  const queue = [...all];
  let silent = 0;
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { rule, path } = next;
      const stop = signal.aborted
        ? 'cancelled'
        : silent >= PATIENCE
          ? 'the server stopped answering'
          : budgetLeft()
            ? null
            : 'out of requests';
      if (stop) {
        unanswered.push({ path, reason: stop });
        continue;
      }
      const result = await ask(path);
      silent = result.ok ? 0 : silent + 1;
      if (!result.ok) unanswered.push({ path, reason: result.reason });
      else if (result.status === 429 || result.status === 503)
        unanswered.push({ path, reason: `the server answers ${result.status}` });
      else if (result.status === 200) {
        const proof = proofOf(rule, result.body);
        if (proof === null) continue;
        // The same content under a name that cannot exist means that the server answers this to everything.
        const twin = await ask(madeUp(path));
        if (!twin.ok) unanswered.push({ path, reason: `the control request: ${twin.reason}` });
        else if (twin.status !== 200 || proofOf(rule, twin.body) === null)
          found.push({ path, url: result.url, status: result.status, rule: rule.id, proof });
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  const order = new Map(all.map(({ path }, index) => [path, index]));
  const byOrder = (a: { path: string }, b: { path: string }) => (order.get(a.path) ?? 0) - (order.get(b.path) ?? 0);
  return { found: found.sort(byOrder), unanswered: unanswered.sort(byOrder) };
}

/** A sibling of a path that cannot exist, with the same ending, so that rules by ending treat it alike. */
function madeUp(path: string): string {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const name = path.slice(folder.length);
  const ending = name.replace(/^[^.]*/, '');
  return `${folder}seaworthy-${Math.random().toString(36).slice(2, 12)}${ending}`;
}
