import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { observatoryScore } from '../../src/analysis/observatory/score.ts';
import { exampleExchange, exampleHop, exampleHttp } from '../../src/core/facts/examples.ts';
import { type HttpFacts, httpFacts } from '../../src/core/facts/http.ts';
import { OBSERVATORY_RESULTS } from '../../src/knowledge/observatory.ts';

/** Expected results were taken from mdn-http-observatory 1.6.3 (algorithm 6) run over the same requests. */
const page = (headers: Record<string, string | string[]>, more: Partial<HttpFacts> = {}) => exampleHttp(headers, more);
const NOW = Date.parse('2026-11-01T00:00:00Z');
const scoreOf = (facts: HttpFacts) => observatoryScore(facts, NOW);
const gradeOf = (facts: HttpFacts) => {
  const found = scoreOf(facts);
  if ('reason' in found) throw new Error(found.reason);
  return found;
};
const result = (facts: HttpFacts, test: string) => gradeOf(facts).tests[test]?.result;
const csp = (...values: string[]) => result(page({ 'Content-Security-Policy': values }), 'content-security-policy');
const cookie = (...lines: string[]) => result(page({ 'Set-Cookie': lines }), 'cookies');

describe('the Observatory score', () => {
  it('of the best page there is, is 165 and A+', () => {
    const facts = page(
      {
        'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
        'Strict-Transport-Security': 'max-age=63072000',
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
        'Cross-Origin-Resource-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Set-Cookie': 'sid=1; Secure; HttpOnly; SameSite=Lax',
      },
      { body: '<script src="/a.js" integrity="sha384-x"></script>' },
    );
    expect(scoreOf(facts)).toMatchObject({ algorithm: 6, score: 160, grade: 'A+', preloadList: 'not given' });
    const preloaded = { ...facts, preload: { listed: ['shop.example'], error: null } };
    expect(scoreOf(preloaded)).toMatchObject({ score: 165, preloadList: 'consulted' });
    expect(result(preloaded, 'redirection')).toBe('redirection-all-redirects-preloaded');
    const unread = { ...facts, preload: { listed: [], error: 'no JSON' } };
    expect(scoreOf(unread)).toMatchObject({ score: 160, preloadList: 'unreadable' });
  });

  it('of a bare page is 30 and D', () => {
    const found = gradeOf(page({}));
    expect(found).toMatchObject({ score: 30, grade: 'D' });
    expect(Object.keys(found.tests)).toHaveLength(12);
  });

  it('counts no bonus below 90', () => {
    const facts = page({ 'Content-Security-Policy': "default-src 'none'", 'Referrer-Policy': 'no-referrer' });
    // 100 - 20 (HSTS) - 5 (types) - 20 (framing)
    expect(scoreOf(facts)).toMatchObject({ score: 55, grade: 'C' });
  });

  it('is not given to a page that failed', () => {
    const failed = (status: number) => scoreOf(page({}, { hops: [exampleHop('https://shop.example/', status)] }));
    expect(failed(500)).toEqual({ reason: 'the Observatory grades no page that answers 500' });
    expect(failed(403)).toHaveProperty('score');
  });

  it('is never below 0 and never throws', () => {
    const headers = fc.dictionary(
      fc.constantFrom(
        'Content-Security-Policy',
        'Set-Cookie',
        'Strict-Transport-Security',
        'Referrer-Policy',
        'X-Frame-Options',
        'Cross-Origin-Opener-Policy',
        'Content-Type',
      ),
      fc.oneof(fc.string(), fc.stringMatching(/^[a-z' ;,=:/*%-]*$/)),
    );
    fc.assert(
      fc.property(headers, fc.string(), (lines, body) => {
        expect(gradeOf(page(lines, { body })).score).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('content-security-policy', () => {
  it.each([
    ["default-src 'none'", 'csp-implemented-with-no-unsafe-default-src-none'],
    ["default-src 'self'", 'csp-implemented-with-no-unsafe'],
    ["default-src 'self'; style-src 'unsafe-inline'", 'csp-implemented-with-unsafe-inline-in-style-src-only'],
    ["default-src 'self'; img-src http:", 'csp-implemented-with-insecure-scheme-in-passive-content-only'],
    ["default-src 'self' 'unsafe-eval'", 'csp-implemented-with-unsafe-eval'],
    ["default-src 'self'; script-src 'unsafe-inline'", 'csp-implemented-with-unsafe-inline'],
    ["default-src 'self'; script-src https:", 'csp-implemented-with-unsafe-inline'],
    ["default-src 'self' http://cdn.shop.example", 'csp-implemented-with-insecure-scheme'],
    ["default-src 'self'; script-src 'strict-dynamic'", 'csp-header-invalid'],
    ["script-src 'self'; script-src 'none'", 'csp-header-invalid'],
    ['abc', 'csp-header-invalid'],
    ["default-src 'none'; report-uri /a; report-uri /b", 'csp-implemented-but-duplicate-directives'],
    [
      "default-src 'none'; script-src 'nonce-abc' 'strict-dynamic' https: 'unsafe-inline'",
      'csp-implemented-with-no-unsafe-default-src-none',
    ],
  ])('%s', (value, expected) => expect(csp(value)).toBe(expected));

  it('of two policies what both allow', () => {
    expect(csp("default-src 'self' 'unsafe-inline'", "default-src 'self'")).toBe('csp-implemented-with-no-unsafe');
  });

  it('that only reports', () => {
    const facts = page({ 'Content-Security-Policy-Report-Only': "default-src 'none'" });
    expect(result(facts, 'content-security-policy')).toBe('csp-not-implemented-but-reporting-enabled');
  });
});

describe('cookies', () => {
  it.each([
    ['sid=1; Secure; HttpOnly; SameSite=Lax', 'cookies-secure-with-httponly-sessions-and-samesite'],
    ['sid=1; Secure', 'cookies-secure-with-httponly-sessions'],
    ['lang=1', 'cookies-without-secure-flag'],
    ['lang=1; Secure; SameSite=maybe', 'cookies-samesite-flag-invalid'],
    ['csrf=1; Secure', 'cookies-anticsrf-without-samesite-flag'],
    ['session=1; Secure', 'cookies-session-without-httponly-flag'],
    ['session=1; HttpOnly', 'cookies-session-without-secure-flag'],
    ['heroku-session-affinity=1', 'cookies-not-found'],
    ['__Host-a=1', 'cookies-not-found'],
  ])('%s', (line, expected) => expect(cookie(line)).toBe(expected));

  it('without Secure cost less behind HSTS', () => {
    const facts = page({ 'Set-Cookie': 'lang=1', 'Strict-Transport-Security': 'max-age=31536000' });
    expect(result(facts, 'cookies')).toBe('cookies-without-secure-flag-but-protected-by-hsts');
  });
});

describe('redirection', () => {
  const http = 'http://shop.example/';
  const way = (...urls: string[]) =>
    result(page({}, { plain: { hops: urls.map((url) => exampleHop(url, 200)), stopped: null } }), 'redirection');

  it('is judged by the way from plain HTTP', () => {
    expect(way()).toBe('redirection-not-needed-no-http');
    expect(way(http)).toBe('redirection-missing');
    expect(way(http, 'https://shop.example/')).toBe('redirection-to-https');
    expect(way(http, 'http://shop.example/a', 'https://shop.example/')).toBe(
      'redirection-not-to-https-on-initial-redirection',
    );
    expect(way(http, 'https://www.shop.example/')).toBe('redirection-off-host-from-http');
    expect(way(http, 'http://shop.example/a')).toBe('redirection-not-to-https');
  });
});

describe('the other tests', () => {
  it.each([
    ['x-frame-options', { 'X-Frame-Options': 'DENY' }, 'x-frame-options-sameorigin-or-deny'],
    ['x-frame-options', { 'X-Frame-Options': ['DENY', 'DENY'] }, 'x-frame-options-header-invalid'],
    ['x-frame-options', { 'Content-Security-Policy': 'frame-ancestors *' }, 'x-frame-options-implemented-via-csp'],
    ['strict-transport-security', { 'Strict-Transport-Security': ['max-age=1', 'max-age=2'] }, 'hsts-header-invalid'],
    [
      'strict-transport-security',
      { 'Strict-Transport-Security': 'max-age=600' },
      'hsts-implemented-max-age-less-than-six-months',
    ],
    ['cross-origin-opener-policy', { 'Cross-Origin-Opener-Policy': '"same-origin"' }, 'coop-header-invalid'],
    [
      'cross-origin-embedder-policy',
      { 'Cross-Origin-Embedder-Policy': 'credentialless; report-to="a"' },
      'coep-implemented-with-credentialless',
    ],
    ['referrer-policy', { 'Referrer-Policy': 'unsafe-url, same-origin, later' }, 'referrer-policy-private'],
    [
      'x-content-type-options',
      { 'X-Content-Type-Options': ['nosniff', 'nosniff'] },
      'x-content-type-options-header-invalid',
    ],
  ])('%s of %j', (test, headers, expected) => expect(result(page(headers), test)).toBe(expected));

  it('subresource-integrity', () => {
    const sri = (body: string) => result(page({}, { body }), 'subresource-integrity');
    expect(sri('<p>')).toBe('sri-not-implemented-but-no-scripts-loaded');
    expect(sri('<script src="/a.js"></script>')).toBe('sri-not-implemented-but-all-scripts-loaded-from-secure-origin');
    expect(sri('<script src="//cdn.other.net/a.js"></script>')).toBe(
      'sri-not-implemented-and-external-scripts-not-loaded-securely',
    );
    expect(sri('<script src="https://cdn.other.net/a.js"></script>')).toBe(
      'sri-not-implemented-but-external-scripts-loaded-securely',
    );
  });

  it('cross-origin-resource-sharing takes successes only', () => {
    const headers = {
      'Access-Control-Allow-Origin': 'https://seaworthy.invalid',
      'Access-Control-Allow-Credentials': 'true',
    };
    const cors = (status: number) =>
      result(
        page({}, { preflight: exampleExchange('https://shop.example/', status, headers) }),
        'cross-origin-resource-sharing',
      );
    expect(cors(204)).toBe('cross-origin-resource-sharing-implemented-with-universal-access');
    expect(cors(405)).toBe('cross-origin-resource-sharing-not-implemented');
  });
});

/**
 * Pages and what mdn-http-observatory 1.6.3 (algorithm 6) made of them, recorded by running its analyzeScan over the same
 * answers. `null`: it gave no grade.
 */
interface Recorded {
  facts: unknown;
  expected: { score: number; grade: string; results: Record<string, string> } | null;
}
const recorded = readFileSync(new URL('../fixtures/observatory.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line): Recorded => JSON.parse(line));
const silent = { url: 'https://shop.example/', kind: 'reset', error: 'reset', refused: false };

describe('the original', () => {
  it.each(recorded.map((one, number) => ({ number, ...one })))('agrees on page $number', ({ facts, expected }) => {
    const whole = { stopped: null, missing: silent, securityTxt: silent, ...(facts as object) };
    const found = scoreOf(httpFacts.parse(whole));
    if (!expected) return expect(found).toHaveProperty('reason');
    if ('reason' in found) throw new Error(found.reason);
    const results = Object.fromEntries(Object.entries(found.tests).map(([name, test]) => [name, test.result]));
    expect({ score: found.score, grade: found.grade, results }).toEqual(expected);
  });

  it('gave every result that there is on at least one of them', () => {
    const given = new Set(recorded.flatMap(({ expected }) => Object.values(expected?.results ?? {})));
    expect(Object.keys(OBSERVATORY_RESULTS).filter((code) => !given.has(code))).toEqual([]);
  });
});

describe('what the Observatory looks at', () => {
  const GOOD = { 'X-Frame-Options': 'DENY', 'Strict-Transport-Security': 'max-age=63072000' };
  const plainPage = exampleHop('http://shop.example/', 200);
  const way = { hops: [plainPage], stopped: null };

  it('of an http:// target is https:// wherever that answers', () => {
    const twin = {
      hops: [exampleHop('https://shop.example/', 200, { 'Content-Type': 'text/html', ...GOOD })],
      stopped: null,
      body: '<script src="https://cdn.other.net/a.js"></script>',
      bodyTruncated: false,
      certificateError: null,
      preflight: exampleExchange('https://shop.example/', 405),
    };
    const both = page({}, { ...way, plain: way, twin });
    expect(result(both, 'strict-transport-security')).toBe('hsts-implemented-max-age-at-least-six-months');
    expect(result(both, 'redirection')).toBe('redirection-missing');
    expect(result(both, 'subresource-integrity')).toBe('sri-not-implemented-but-external-scripts-loaded-securely');
    const alone = page({}, { ...way, plain: way });
    expect(result(alone, 'strict-transport-security')).toBe('hsts-not-implemented-no-https');
  });

  it('is also what stands in a template', () => {
    const body = '<template><script src="http://cdn.other.net/a.js"></script></template>';
    expect(result(page({}, { body }), 'subresource-integrity')).toBe(
      'sri-not-implemented-and-external-scripts-not-loaded-securely',
    );
  });

  it('is another origin after a certificate error that it does not know, so that no grade is given for it', () => {
    expect(scoreOf(page(GOOD, { certificateError: 'UNSPECIFIED' }))).toEqual({
      reason: expect.stringContaining('UNSPECIFIED'),
    });
    expect(result(page(GOOD, { certificateError: 'CERT_HAS_EXPIRED' }), 'strict-transport-security')).toBe(
      'hsts-invalid-cert',
    );
  });

  it('is the tenth redirect of a loop', () => {
    const hops = [exampleHop('https://shop.example/', 302, GOOD), exampleHop('https://shop.example/a', 302)];
    const stopped = { url: 'https://shop.example/', kind: 'redirect-loop', error: 'loop', refused: false };
    expect(result(page({}, { hops, stopped }), 'x-frame-options')).toBe('x-frame-options-sameorigin-or-deny');
    expect(scoreOf(page({}, { hops, stopped: { ...stopped, kind: 'reset' } }))).toHaveProperty('reason');
  });
});
