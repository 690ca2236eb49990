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
import { createPoliteClient } from '../net/http-polite.ts';
import { TcpProblem, toAbsent } from '../net/tcp.ts';
import { createCollector } from '../secrets/collect.ts';
import { fullScanner } from '../secrets/scanner.ts';
import { type Probe, type ProbeContext, probeOf } from './probe.ts';

/** Most requests that one look sends to one address, the way to the page and the control requests included. */
export const REQUEST_BUDGET = 180;
/** So that a site with a limit of its own is not driven into it; one that says "too many" twice is asked nothing more. */
const PER_SECOND = 50;
/** At a time, so that a small server is not drowned. */
const CONCURRENCY = 3;
const TIMEOUT_MS = 5_000;
/** Enough to prove what a file is, and for most files that hold secrets to see which. */
const BODY_LIMIT = 64 * 1024;
const MAX_LEAKS = 50;

/** Asks for files that are left within reach by mistake; believes only content, and only where a made-up path differs. */
export function makeExposedFilesProbe(
  resolve: Resolve = systemResolve,
  perSecond = PER_SECOND,
): Probe<'exposed', 'endpoint'> {
  return probeOf({
    key: 'exposed',
    on: ['endpoint'],
    timeoutMs: 90_000,
    look: (target, context) => look(target, context, resolve, perSecond),
  });
}

export const exposedFilesProbe = makeExposedFilesProbe();

interface Candidate {
  rule: ExposedFileRule;
  path: string;
}

/** Every address by itself: a node that is behind on its deployment serves what the others do not. */
async function look(
  target: EndpointTarget,
  context: ProbeContext,
  resolve: Resolve,
  perSecond: number,
): Promise<ExposedFacts> {
  if (target.protocol !== 'http' && target.protocol !== 'https')
    throw new AbsentError('not-applicable', `${target.url} does not speak HTTP`);
  const home = await placesOf(target, resolve).catch((thrown: unknown) => {
    throw thrown instanceof TcpProblem ? toAbsent(thrown) : new AbsentError('unreachable', reasonOf(thrown), thrown);
  });
  const looked = await atEveryPlace(home, async (place) => ({
    address: placeName(place),
    ...(await lookAtNode(target, context, resolve, home, place, perSecond)),
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
  perSecond: number,
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
    const { signal } = context;
    const limits = { budget: REQUEST_BUDGET, perSecond, spent: () => requests, signal };
    const polite = createPoliteClient(client, limits);
    const ask = (path: string) =>
      polite.ask(new URL(path, base).href, { bodyLimit: BODY_LIMIT, latin1: true, headers: { accept: '*/*' } });
    const control = await ask(madeUp('/'));
    if (!control.ok) return { failure: toFact(control) };
    const { found, unanswered } = await askAll(ask, candidates(base, target));
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
): Promise<Pick<ExposedView, 'found' | 'unanswered'>> {
  const found: ExposedView['found'] = [];
  const unanswered: ExposedView['unanswered'] = [];
  const queue = [...all];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { rule, path } = next;
      const result = await ask(path);
      const silent = silence(result);
      if (silent !== null) unanswered.push({ path, reason: silent });
      if (!result.ok || result.status !== 200) continue;
      const proof = proofOf(rule, result.body);
      if (proof === null) continue;
      // The same content under a name that cannot exist means that the server answers this to everything.
      const twin = await ask(madeUp(path));
      const unproven = silence(twin);
      if (!twin.ok || unproven !== null) unanswered.push({ path, reason: `the control request: ${unproven}` });
      else if (twin.status !== 200 || proofOf(rule, twin.body) === null)
        found.push({ path, url: result.url, status: result.status, rule: rule.id, proof, leaks: leaksIn(result.body) });
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  const order = new Map(all.map(({ path }, index) => [path, index]));
  const byOrder = (a: { path: string }, b: { path: string }) => (order.get(a.path) ?? 0) - (order.get(b.path) ?? 0);
  return { found: found.sort(byOrder), unanswered: unanswered.sort(byOrder) };
}

/** Why an answer says nothing, or `null`. */
function silence(result: HttpResult): string | null {
  if (!result.ok) return result.reason;
  return result.status === 429 || result.status === 503 ? `the server answers ${result.status}` : null;
}

/** The secrets in the beginning of a file, named by what they are and by the hash that they have everywhere. */
function leaksIn(body: string): NonNullable<ExposedView['found'][number]['leaks']> {
  const collector = createCollector(fullScanner(), process.env.SEAWORTHY_FINGERPRINT_KEY);
  collector.add(Buffer.from(body, 'latin1'), { file: '' });
  const { leaks } = collector.result();
  return leaks.slice(0, MAX_LEAKS).map(({ title, fingerprint, redacted }) => ({ title, fingerprint, redacted }));
}

/** A sibling of a path that cannot exist, with the same ending, so that rules by ending treat it alike. */
function madeUp(path: string): string {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const name = path.slice(folder.length);
  const ending = name.replace(/^[^.]*/, '');
  return `${folder}seaworthy-${Math.random().toString(36).slice(2, 12)}${ending}`;
}
