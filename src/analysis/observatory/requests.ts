import type { HttpAnswer, HttpFacts, HttpWay } from '../../core/facts/http.ts';
import { OBSERVATORY_CERTIFICATE_ERRORS } from '../../knowledge/observatory.ts';
import { type Element, readElements } from '../elements.ts';
import { linesOf } from '../headers.ts';

/** What the Observatory's tests look at, from our facts. */
export interface Requests {
  host: string;
  /** Whether the page was reached from https://. */
  secure: boolean;
  /** The page. */
  auto: HttpAnswer;
  /** Answers whose cookies its jar takes, in order. */
  cookieAnswers: readonly HttpAnswer[];
  https: HttpAnswer | null;
  /** Whether the certificate is trusted. */
  verified: boolean;
  /** The way from plain HTTP; empty where nothing answers there. */
  route: readonly HttpAnswer[];
  preflight: HttpAnswer | null;
  origin: string;
  elements: readonly Element[];
  metaCsp: readonly string[];
  metaReferrer: string | null;
  /** Hosts that browsers' preload list names; none where the list was not given. */
  preloaded: ReadonlySet<string>;
}

/** HTML types, compared as the Observatory compares them: without trimming or folding case. */
const HTML_TYPES = new Set(['text/html', 'application/xhtml+xml']);

/** Lines of one name as Node hands them on: joined, but for those of which it keeps the first; `null` where there is none. */
export function joined(answer: HttpAnswer, name: string): string | null {
  const lines = linesOf(answer, name).slice(0, name === 'content-type' ? 1 : undefined);
  return lines.length > 0 ? lines.join(', ') : null;
}

export function isHtml(answer: HttpAnswer): boolean {
  return HTML_TYPES.has((joined(answer, 'content-type') ?? '').split(';', 1)[0] ?? '');
}

/** Why the Observatory gives no grade, or why ours could not be told. */
export interface NoGrade {
  reason: string;
}

/** Codes after which it asks again without verifying; after any other it takes the host for one without HTTPS. */
const FORGIVEN = new Set(OBSERVATORY_CERTIFICATE_ERRORS);
/** Redirects that it follows; the answer to the last one is then graded as it stands. */
const MAX_REDIRECTS = 10;

/** What it would look at: https:// wherever that answers, whatever scheme the target names. */
export function requestsOf(http: HttpFacts): Requests | NoGrade {
  const [first] = http.hops;
  if (!first) return { reason: 'no answer was recorded' };
  const asked = new URL(first.url);
  const secure = asked.protocol === 'https:' || http.twin !== null;
  const way = asked.protocol === 'https:' || http.twin === null ? http : http.twin;
  const hops = unrolled(way);
  const auto = hops?.at(-1);
  if (!hops || !auto) return { reason: `no page was reached: ${way.stopped?.error}` };
  if (way.certificateError !== null && !FORGIVEN.has(way.certificateError))
    return {
      reason: `after the certificate error ${way.certificateError} the Observatory takes the host for one without HTTPS and grades what plain HTTP leads to`,
    };
  if (auto.status < 200 || (auto.status >= 400 && auto.status !== 401 && auto.status !== 403))
    return { reason: `the Observatory grades no page that answers ${auto.status}` };
  const elements = readElements(auto === way.hops.at(-1) ? way.body : '', { inert: true });
  const { preflight } = way;
  // Where it does not verify, its second client keeps cookies, too; where it does, only the way to the page counts.
  const side = [...(way === http ? [http.robots] : []), preflight].filter((exchange) => 'status' in exchange);
  return {
    host: asked.hostname,
    secure,
    auto,
    cookieAnswers: [...hops, ...(way.certificateError === null ? [] : side)],
    https: secure ? auto : null,
    verified: way.certificateError === null,
    route: unrolled(http.plain) ?? [],
    // Its client takes an answer that is no success for no answer.
    preflight: 'status' in preflight && preflight.status >= 200 && preflight.status < 300 ? preflight : null,
    origin: http.cors[0]?.origin ?? 'https://seaworthy.invalid',
    elements,
    preloaded: new Set(http.preload?.listed),
    ...metas(isHtml(auto) ? elements : []),
  };
}

/** The answers as its client meets them: a loop is walked until it has followed ten redirects. `null` = it gets no answer. */
function unrolled({ hops, stopped }: HttpWay): readonly HttpAnswer[] | null {
  if (!stopped) return hops;
  if (!/^(redirect-loop|too-many-redirects)$/.test(stopped.kind)) return null;
  const back = hops.findIndex((hop) => hop.url === stopped.url);
  const walked = [...hops];
  for (let next = Math.max(back, 0); walked.length <= MAX_REDIRECTS && back !== -1; next += 1) {
    const hop = walked[next];
    if (hop) walked.push(hop);
  }
  return walked.slice(0, MAX_REDIRECTS + 1);
}

function metas(elements: readonly Element[]): Pick<Requests, 'metaCsp' | 'metaReferrer'> {
  const metaCsp: string[] = [];
  let metaReferrer: string | null = null;
  for (const { name, attributes } of elements) {
    if (name !== 'meta') continue;
    const content = attributes.get('content');
    if (attributes.has('http-equiv') && attributes.has('content')) {
      if (content && attributes.get('http-equiv')?.toLowerCase().trim() === 'content-security-policy')
        metaCsp.push(content);
    } else if (attributes.get('name')?.toLowerCase().trim() === 'referrer' && content) metaReferrer = content;
  }
  return { metaCsp, metaReferrer };
}
