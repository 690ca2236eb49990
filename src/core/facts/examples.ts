import type { DnsFacts } from './dns.ts';
import type { ExposedFacts } from './exposed.ts';
import type { HttpAnswer, HttpExchange, HttpFacts, HttpFailureFact } from './http.ts';
import type { RepositoryFacts } from './repository.ts';

/** Builders of small facts for the examples of checks: one line says what matters, the rest is plain. */

/** Header lines from an object; a list where one comes twice. */
export function exampleHeaders(headers: Record<string, string | readonly string[]>): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one]));
}

/** An answer, also of a redirect: `exampleHop('http://shop.example/', 301, { Location: 'https://shop.example/' })`. */
export function exampleHop(
  url: string,
  status: number,
  headers: Record<string, string | readonly string[]> = {},
): HttpAnswer {
  return { url, status, headers: exampleHeaders(headers) };
}

/** An exchange that got an answer. */
export function exampleExchange(
  url: string,
  status: number,
  headers: Record<string, string | readonly string[]> = {},
  body = '',
): HttpExchange {
  return { ...exampleHop(url, status, headers), body, bodyTruncated: false };
}

/** A request that got no answer. */
export function exampleFailure(url: string, kind: string, error: string): HttpFailureFact {
  return { url, kind, error, refused: kind === 'refused' };
}

/** A page at https://shop.example/ with these headers (a list where one comes twice) and body; http:// redirects to it. */
export function exampleHttp(
  headers: Record<string, string | readonly string[]>,
  more: Partial<HttpFacts> = {},
): HttpFacts {
  const page = exampleHop('https://shop.example/', 200, { 'Content-Type': 'text/html; charset=utf-8', ...headers });
  const notFound = (path: string) => exampleExchange(`https://shop.example${path}`, 404, headers);
  return {
    hops: [page],
    stopped: null,
    body: '<!doctype html><title>Shop</title>',
    bodyTruncated: false,
    certificateError: null,
    plain: {
      hops: [exampleHop('http://shop.example/', 301, { Location: 'https://shop.example/' }), page],
      stopped: null,
    },
    robots: notFound('/robots.txt'),
    missing: notFound('/seaworthy-7c1f0a9e'),
    preflight: exampleExchange('https://shop.example/', 405),
    cors: [],
    securityTxt: notFound('/.well-known/security.txt'),
    twin: null,
    preload: null,
    address: '192.0.2.1:443',
    others: [],
    ...more,
  };
}

/** An origin where nothing was found. */
export function exampleExposed(more: Partial<ExposedFacts> = {}): ExposedFacts {
  return {
    origin: 'https://shop.example',
    requests: 60,
    control: { status: 404, soft: false },
    found: [],
    unanswered: [],
    address: '192.0.2.1:443',
    others: [],
    ...more,
  };
}

/** A GitHub workflow with this text. */
export function exampleWorkflow(text: string): RepositoryFacts['workflows'][number] {
  return { path: '.github/workflows/verify.yml', system: 'github', text };
}

/** A name with one address of each family in a zone of its own, without anything else. */
export function exampleDns(change: Partial<DnsFacts> = {}): DnsFacts {
  const none = { status: 'none' } as const;
  return {
    name: 'shop.example',
    zone: 'shop.example',
    resolvers: ['192.0.2.53'],
    a: { status: 'found', records: ['192.0.2.1'] },
    aaaa: { status: 'found', records: ['2001:db8::1'] },
    aliases: [],
    caa: { at: null, answer: none },
    authentic: false,
    ds: none,
    mx: none,
    spf: none,
    spfLookups: null,
    dmarc: none,
    https: none,
    mtaSts: none,
    mtaStsPolicy: null,
    reach: [
      { address: '192.0.2.1', family: 4, result: 'open' },
      { address: '2001:db8::1', family: 6, result: 'open' },
    ],
    ...change,
  };
}
