import type { HttpAnswer, HttpFacts } from '../../core/facts/http.ts';
import { type Element, elementsOf } from '../elements.ts';
import { linesOf } from '../headers.ts';

/** What the Observatory's tests look at, from our facts. */
export interface Requests {
  host: string;
  /** Protocol of the address that was asked first. */
  secure: boolean;
  /** The page. */
  auto: HttpAnswer;
  hops: readonly HttpAnswer[];
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
}

/** HTML types, compared as the Observatory compares them: without trimming or folding case. */
const HTML_TYPES = new Set(['text/html', 'application/xhtml+xml']);

/** Lines of one name joined as Node joins them, or `null`. */
export function joined(answer: HttpAnswer, name: string): string | null {
  const lines = linesOf(answer, name);
  return lines.length > 0 ? lines.join(', ') : null;
}

export function isHtml(answer: HttpAnswer): boolean {
  return HTML_TYPES.has((joined(answer, 'content-type') ?? '').split(';', 1)[0] ?? '');
}

/** `null` where the Observatory would give no grade: no page, or a status that it does not take. */
export function requestsOf(http: HttpFacts): Requests | null {
  const [first] = http.hops;
  const auto = http.hops.at(-1);
  if (!first || !auto || http.stopped) return null;
  if (auto.status < 200 || (auto.status >= 400 && auto.status !== 401 && auto.status !== 403)) return null;
  const asked = new URL(first.url);
  const elements = isHtml(auto) ? elementsOf(http) : [];
  const looped = /^(redirect-loop|too-many-redirects)$/.test(http.plain.stopped?.kind ?? '');
  const preflight = 'status' in http.preflight ? http.preflight : null;
  return {
    host: asked.hostname,
    secure: asked.protocol === 'https:',
    auto,
    hops: http.hops,
    https: auto.url.startsWith('https:') ? auto : null,
    verified: http.certificateError === null,
    route: http.plain.stopped && !looped ? [] : http.plain.hops,
    // Its client takes an answer that is no success for no answer.
    preflight: preflight && preflight.status >= 200 && preflight.status < 300 ? preflight : null,
    origin: http.cors[0]?.origin ?? 'https://seaworthy.invalid',
    elements: elementsOf(http),
    ...metas(elements),
  };
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
