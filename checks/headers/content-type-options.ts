import { defineCheck } from '../../src/core/check.ts';
import { exampleHttp } from '../../src/core/facts/examples.ts';
import { fail, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'headers.content-type-options',
  title: 'X-Content-Type-Options is nosniff',
  category: 'headers',
  severity: 'medium',
  since: '0.1.0',
  rationale: 'Without it a browser may guess another type than the one declared and run an upload as script.',
  remediation:
    'Send X-Content-Type-Options: nosniff on every answer (nginx: add_header X-Content-Type-Options nosniff always;).',
  references: ['https://fetch.spec.whatwg.org/#x-content-type-options-header'],
  needs: ['http'],
  evaluate({ http }) {
    const page = http.hops.at(-1);
    const lines = page?.headers.filter(([name]) => name.toLowerCase() === 'x-content-type-options') ?? [];
    const [first] = lines.flatMap(([, value]) => value.split(',')).map((value) => value.trim());
    // Fetch, section 3.5: only the first value counts, compared without case.
    if (first?.toLowerCase() === 'nosniff') return pass('the page is sent with nosniff', { seen: first });
    if (first === undefined) return fail('', 'X-Content-Type-Options is missing', { wanted: 'nosniff' });
    return fail('', `X-Content-Type-Options is "${first}"`, { seen: first, wanted: 'nosniff' });
  },
  examples: [
    { name: 'nosniff', facts: { http: exampleHttp({ 'X-Content-Type-Options': 'nosniff' }) }, status: 'pass' },
    { name: 'missing', facts: { http: exampleHttp({}) }, status: 'fail' },
    {
      name: 'only the first value counts',
      facts: { http: exampleHttp({ 'X-Content-Type-Options': 'none, nosniff' }) },
      status: 'fail',
    },
  ],
});
