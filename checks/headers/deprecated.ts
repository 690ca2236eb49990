import { linesOf, ownAnswers } from '../../src/analysis/headers.ts';
import { defineHttpCheck } from '../../src/analysis/http-check.ts';
import { exampleHttp } from '../../src/core/facts/examples.ts';
import { fail, type Outcome, outcomesOr, pass } from '../../src/core/outcome.ts';
import { DEPRECATED_HEADERS } from '../../src/knowledge/deprecated-headers.ts';

const page = (headers: Record<string, string>) => ({ http: exampleHttp(headers) });

export default defineHttpCheck({
  id: 'headers.deprecated',
  title: 'No header is sent that browsers dropped',
  category: 'headers',
  severity: 'info',
  since: '0.1.0',
  rationale:
    'Dropped headers protect nobody but look as if they did; the filter of X-XSS-Protection even opened holes.',
  remediation:
    'Remove the header; where something took its place, send that. X-XSS-Protection: 0 may stay for old browsers.',
  references: [
    'https://owasp.org/www-project-secure-headers/#deprecated-headers',
    'https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html',
  ],
  evaluate({ http }) {
    const outcomes = new Map<string, Outcome>();
    for (const answer of ownAnswers(http)) {
      for (const { name, why, instead } of DEPRECATED_HEADERS) {
        const [value] = linesOf(answer, name);
        if (value !== undefined && !outcomes.has(name))
          outcomes.set(
            name,
            fail(name, `${name} is dead: ${why}`, { seen: `${name}: ${value.slice(0, 200)}`, wanted: instead }),
          );
      }
      const filter = linesOf(answer, 'x-xss-protection').find((value) => value.split(';', 1)[0]?.trim() !== '0');
      if (filter !== undefined && !outcomes.has('x-xss-protection'))
        outcomes.set(
          'x-xss-protection',
          fail('x-xss-protection', 'the filter that it switches on could be turned against the page and is gone', {
            seen: `X-XSS-Protection: ${filter.slice(0, 200)}`,
            wanted: 'no such header, or 0',
          }),
        );
    }
    return outcomesOr([...outcomes.values()], pass('no dropped header is sent'));
  },
  examples: [
    { name: 'none', facts: page({}), status: 'pass' },
    {
      name: 'an XSS filter',
      facts: page({ 'X-XSS-Protection': '1; mode=block' }),
      status: 'fail',
      subjects: ['x-xss-protection'],
    },
    { name: 'the XSS filter switched off', facts: page({ 'X-XSS-Protection': ' 0 ' }), status: 'pass' },
    {
      name: 'pins and Expect-CT',
      facts: page({ 'Public-Key-Pins': 'max-age=0', 'Expect-CT': 'max-age=86400' }),
      status: 'fail',
      subjects: ['public-key-pins', 'expect-ct'],
    },
    {
      name: 'Feature-Policy',
      facts: page({ 'Feature-Policy': "camera 'none'" }),
      status: 'fail',
      subjects: ['feature-policy'],
    },
  ],
});
