import { z } from 'zod';
import { linesOf, onPage } from '../../src/analysis/headers.ts';
import { parseHsts } from '../../src/analysis/hsts.ts';
import { defineHttpCheck } from '../../src/analysis/http-check.ts';
import { exampleHop, exampleHttp } from '../../src/core/facts/examples.ts';
import { fail, pass } from '../../src/core/outcome.ts';

const NAME = 'Strict-Transport-Security';
const GOOD = `${NAME}: max-age=63072000; includeSubDomains; preload`;
const YEAR = 31_536_000;

export default defineHttpCheck({
  id: 'headers.hsts-preload',
  title: 'The host could be preloaded for HSTS',
  category: 'headers',
  severity: 'info',
  since: '0.1.0',
  rationale:
    'Only the list that browsers ship protects the very first visit. It is a promise for every subdomain and slow to take back, so it is information unless you want it.',
  remediation: `Once every subdomain serves HTTPS, send ${GOOD} and submit the domain at hstspreload.org.`,
  references: ['https://hstspreload.org/#submission-requirements'],
  options: z.strictObject({ wanted: z.boolean().default(false).describe('whether preloading is meant to be on') }),
  evaluate({ http }, { options }) {
    return onPage(http, ({ answer }) => {
      const [line] = linesOf(answer, NAME);
      const hsts = line === undefined ? null : parseHsts(line);
      const lacks: string[] = [];
      if (!answer.url.startsWith('https:')) lacks.push('HTTPS');
      if (!hsts?.ok) lacks.push('a valid HSTS line');
      else {
        if (hsts.maxAge < YEAR) lacks.push('max-age of at least a year');
        if (!hsts.includeSubDomains) lacks.push('includeSubDomains');
        if (!hsts.preload) lacks.push('preload');
      }
      const [plain, next] = http.plain.hops;
      if (plain && next && new URL(plain.url).hostname !== new URL(next.url).hostname)
        lacks.push('a first redirect to HTTPS on the same host');
      if (lacks.length === 0) return pass('the host meets the conditions of the preload list', { seen: line ?? '' });
      // A page that says `preload` without meeting the conditions asks for something that it does not get.
      const asked = options.wanted || (hsts?.ok === true && hsts.preload);
      return fail('', `not eligible for the preload list; it lacks ${lacks.join(', ')}`, {
        wanted: GOOD,
        ...(line === undefined ? {} : { seen: line }),
        severity: asked ? 'low' : 'info',
      });
    });
  },
  examples: [
    {
      name: 'all conditions met',
      facts: { http: exampleHttp({ [NAME]: 'max-age=63072000; includeSubDomains; preload' }) },
      status: 'pass',
    },
    {
      name: 'not asked for',
      facts: { http: exampleHttp({ [NAME]: 'max-age=31536000; includeSubDomains' }) },
      status: 'fail',
      severity: 'info',
    },
    {
      name: 'asked for with too short an age',
      facts: { http: exampleHttp({ [NAME]: 'max-age=300; includeSubDomains; preload' }) },
      status: 'fail',
      severity: 'low',
    },
    {
      name: 'wanted by the configuration and missing',
      facts: { http: exampleHttp({}) },
      options: { wanted: true },
      status: 'fail',
      severity: 'low',
    },
    {
      name: 'plain HTTP leaves the host first',
      facts: {
        http: exampleHttp(
          { [NAME]: 'max-age=63072000; includeSubDomains; preload' },
          {
            plain: {
              hops: [exampleHop('http://shop.example/', 301), exampleHop('https://www.shop.example/', 200)],
              stopped: null,
            },
          },
        ),
      },
      status: 'fail',
    },
  ],
});
