import { linesOf, onPage, valuesOf } from '../../src/analysis/headers.ts';
import { defineHttpCheck } from '../../src/analysis/http-check.ts';
import { exampleFailure, exampleHop, exampleHttp } from '../../src/core/facts/examples.ts';
import { fail, pass } from '../../src/core/outcome.ts';

export default defineHttpCheck({
  id: 'headers.content-type-options',
  title: 'X-Content-Type-Options is nosniff',
  category: 'headers',
  severity: 'medium',
  since: '0.1.0',
  rationale: 'Without it a browser may guess another type than the one declared and run an upload as script.',
  remediation:
    'Send X-Content-Type-Options: nosniff on every answer (nginx: add_header X-Content-Type-Options nosniff always;).',
  references: ['https://fetch.spec.whatwg.org/#x-content-type-options-header'],
  evaluate({ http }) {
    return onPage(http, ({ answer }) => {
      const wanted = 'X-Content-Type-Options: nosniff';
      const [first] = valuesOf(answer, 'x-content-type-options');
      // Fetch, section 3.5: only the first value counts, compared without case.
      if (first?.toLowerCase() === 'nosniff') return pass('the page is sent with nosniff', { seen: first });
      if (first === undefined) return fail('', 'X-Content-Type-Options is missing', { wanted });
      const seen = linesOf(answer, 'x-content-type-options').join('\n').slice(0, 400);
      return fail('', `X-Content-Type-Options is "${first.slice(0, 80)}"`, { seen, wanted });
    });
  },
  examples: [
    { name: 'nosniff', facts: { http: exampleHttp({ 'X-Content-Type-Options': 'nosniff' }) }, status: 'pass' },
    { name: 'missing', facts: { http: exampleHttp({}) }, status: 'fail' },
    {
      name: 'the same value twice',
      facts: { http: exampleHttp({ 'X-Content-Type-Options': ['nosniff', 'NoSniff'] }) },
      status: 'pass',
    },
    {
      name: 'only the first value counts',
      facts: { http: exampleHttp({ 'X-Content-Type-Options': 'none, nosniff' }) },
      status: 'fail',
    },
    {
      name: 'an empty first value counts, too',
      facts: { http: exampleHttp({ 'X-Content-Type-Options': ', nosniff' }) },
      status: 'fail',
    },
    {
      name: 'no page was reached',
      facts: { http: exampleHttp({}, { stopped: exampleFailure('https://shop.example/a', 'redirect-loop', 'loop') }) },
      status: 'unknown',
    },
    {
      name: 'the page is broken',
      facts: { http: exampleHttp({}, { hops: [exampleHop('https://shop.example/', 502)] }) },
      status: 'unknown',
    },
    {
      name: 'the endpoint only leads to somebody else',
      facts: {
        http: exampleHttp(
          {},
          {
            hops: [exampleHop('https://shop.example/', 302), exampleHop('https://login.identity.example.net/', 200)],
          },
        ),
      },
      status: 'not-applicable',
    },
  ],
});
