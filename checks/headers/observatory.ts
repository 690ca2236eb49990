import { pageOf } from '../../src/analysis/headers.ts';
import { defineHttpCheck } from '../../src/analysis/http-check.ts';
import { observatoryScore } from '../../src/analysis/observatory/score.ts';
import { exampleHop, exampleHttp } from '../../src/core/facts/examples.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

const GOOD = {
  'Content-Security-Policy': "default-src 'none'; img-src 'self'; frame-ancestors 'none'",
  'Strict-Transport-Security': 'max-age=63072000',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

export default defineHttpCheck({
  id: 'headers.observatory',
  title: "MDN Observatory's rules give the page an A",
  category: 'headers',
  severity: 'info',
  since: '0.1.0',
  rationale:
    'The Observatory is the grade that people compare; here it is worked out from the same facts by its published rules, also for hosts that it cannot reach. It is a report and not part of the score.',
  remediation: 'Follow the other findings of this category, those that cost the Observatory most points first.',
  references: [
    'https://github.com/mdn/mdn-http-observatory',
    'https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring',
  ],
  evaluate({ http }, { now }) {
    const found = observatoryScore(http, now);
    if ('reason' in found) {
      const page = pageOf(http);
      return 'otherwise' in page ? page.otherwise : unknown('', found.reason);
    }
    const lost = Object.entries(found.tests)
      .filter(([, test]) => test.modifier < 0)
      .sort(([, a], [, b]) => a.modifier - b.modifier)
      .map(([name, test]) => `${name} ${test.modifier} (${test.result})`);
    const message = `MDN Observatory, algorithm ${found.algorithm}: ${found.grade}, ${found.score} points${found.preloadList === 'consulted' ? '' : `; the preload list was ${found.preloadList}`}`;
    const evidence = { ...(lost.length > 0 ? { seen: lost.join('\n') } : {}), details: { ...found } };
    return found.grade.startsWith('A')
      ? pass(message, evidence)
      : fail('', message, { ...evidence, wanted: 'A or better' });
  },
  examples: [
    { name: 'a strict page', facts: { http: exampleHttp(GOOD) }, status: 'pass' },
    { name: 'a bare page', facts: { http: exampleHttp({}) }, status: 'fail' },
    {
      name: 'a certificate that is not trusted',
      facts: { http: exampleHttp(GOOD, { certificateError: 'DEPTH_ZERO_SELF_SIGNED_CERT' }) },
      status: 'fail',
    },
    {
      name: 'an error that the Observatory does not know leads it elsewhere',
      facts: { http: exampleHttp(GOOD, { certificateError: 'UNSPECIFIED' }) },
      status: 'unknown',
    },
    {
      name: 'an error page',
      facts: { http: exampleHttp(GOOD, { hops: [exampleHop('https://shop.example/', 404)] }) },
      status: 'unknown',
    },
  ],
});
