import { framingOf } from '../../src/analysis/framing.ts';
import { linesOf, onPage, valuesOf } from '../../src/analysis/headers.ts';
import { parseHsts } from '../../src/analysis/hsts.ts';
import { defineHttpCheck } from '../../src/analysis/http-check.ts';
import { headerPolicies } from '../../src/analysis/page-policy.ts';
import { exampleExchange, exampleFailure, exampleHttp } from '../../src/core/facts/examples.ts';
import type { HttpAnswer } from '../../src/core/facts/http.ts';
import { fail, notApplicable, type Outcome, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

const url = 'https://shop.example/seaworthy-7c1f0a9e';
const GOOD = {
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'Content-Security-Policy': "default-src 'self'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
};

/** Protections that a page can have, and how to tell. */
const PROTECTIONS: readonly { name: string; has(answer: HttpAnswer): boolean }[] = [
  {
    name: 'Strict-Transport-Security',
    has: (answer) => linesOf(answer, 'strict-transport-security').slice(0, 1).some(holds),
  },
  { name: 'Content-Security-Policy', has: (answer) => headerPolicies(answer).length > 0 },
  { name: 'frame protection', has: (answer) => framingOf(answer, headerPolicies(answer)).ok },
  {
    name: 'X-Content-Type-Options',
    has: (answer) => valuesOf(answer, 'x-content-type-options')[0]?.toLowerCase() === 'nosniff',
  },
];

export default defineHttpCheck({
  id: 'headers.error-pages',
  title: 'Error pages are protected like the page',
  category: 'headers',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'Error pages often repeat what was asked for and are written by another part of the server, which forgets the headers; nginx adds them to successes only unless told "always".',
  remediation:
    'Write "always" behind each add_header of nginx (Header always set in Apache), and set headers where errors are answered, too.',
  references: [
    'https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header',
    'https://httpd.apache.org/docs/2.4/mod/mod_headers.html#header',
  ],
  evaluate({ http }) {
    return onPage(http, ({ answer }) => {
      const { missing } = http;
      if (!('status' in missing)) return unknown('', `a path that does not exist gave no answer: ${missing.error}`);
      if (missing.status >= 300 && missing.status < 400)
        return notApplicable(`paths that do not exist are redirected (${missing.status})`);
      const expected = PROTECTIONS.filter(({ has }) => has(answer));
      if (expected.length === 0) return notApplicable('the page itself has none of these protections');
      const outcomes: Outcome[] = expected
        .filter(({ has }) => !has(missing))
        .map(({ name }) =>
          fail(name, `the ${missing.status} answer lacks the ${name} that the page has`, {
            seen: `${missing.url} answers ${missing.status}`,
          }),
        );
      return outcomesOr(
        outcomes,
        pass(`the ${missing.status} answer has the protections of the page`, {
          seen: expected.map(({ name }) => name).join(', '),
        }),
      );
    });
  },
  examples: [
    { name: 'the same headers', facts: { http: exampleHttp(GOOD) }, status: 'pass' },
    {
      name: 'add_header without always',
      facts: { http: exampleHttp(GOOD, { missing: exampleExchange(url, 404) }) },
      status: 'fail',
      subjects: ['Strict-Transport-Security', 'Content-Security-Policy', 'frame protection', 'X-Content-Type-Options'],
    },
    {
      name: 'one is forgotten',
      facts: {
        http: exampleHttp(GOOD, { missing: exampleExchange(url, 404, { ...GOOD, 'X-Content-Type-Options': '' }) }),
      },
      status: 'fail',
      subjects: ['X-Content-Type-Options'],
    },
    {
      name: 'framing limited by other means',
      facts: {
        http: exampleHttp(
          { 'X-Frame-Options': 'DENY' },
          { missing: exampleExchange(url, 404, { 'Content-Security-Policy': "frame-ancestors 'self'" }) },
        ),
      },
      status: 'pass',
    },
    { name: 'nothing to compare', facts: { http: exampleHttp({}) }, status: 'not-applicable' },
    {
      name: 'unknown paths are redirected',
      facts: { http: exampleHttp(GOOD, { missing: exampleExchange(url, 302) }) },
      status: 'not-applicable',
    },
    {
      name: 'no answer',
      facts: { http: exampleHttp(GOOD, { missing: exampleFailure(url, 'reset', 'reset') }) },
      status: 'unknown',
    },
  ],
});

function holds(line: string): boolean {
  const hsts = parseHsts(line);
  return hsts.ok && hsts.maxAge > 0;
}
