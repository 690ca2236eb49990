import { z } from 'zod';
import { linesOf } from '../../src/analysis/headers.ts';
import { parseHsts } from '../../src/analysis/hsts.ts';
import { defineHttpCheck } from '../../src/analysis/http-check.ts';
import { isLoopback, related } from '../../src/analysis/site.ts';
import { exampleHop, exampleHttp } from '../../src/core/facts/examples.ts';
import type { HttpAnswer } from '../../src/core/facts/http.ts';
import { fail, type Outcome, outcomesOr, pass } from '../../src/core/outcome.ts';

const NAME = 'Strict-Transport-Security';
const GOOD = `${NAME}: max-age=31536000; includeSubDomains`;

export default defineHttpCheck({
  id: 'headers.hsts',
  title: 'HTTP Strict Transport Security is on',
  category: 'headers',
  severity: 'high',
  since: '0.1.0',
  rationale:
    'Without it a browser still tries plain HTTP on the next visit, where an attacker on the way can answer first and strip TLS.',
  remediation: `Send ${GOOD} on every https answer (nginx: add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;).`,
  references: [
    'https://www.rfc-editor.org/rfc/rfc6797',
    'https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Strict-Transport-Security',
  ],
  options: z.strictObject({
    minDays: z.number().min(0).default(180).describe('least max-age, in days'),
    includeSubDomains: z.boolean().default(true).describe('whether subdomains must be covered'),
  }),
  evaluate({ http }, { options }) {
    const [first] = http.hops;
    const home = first ? new URL(first.url).hostname : '';
    const hosts = new Map<string, HttpAnswer>();
    for (const hop of http.hops) {
      const url = new URL(hop.url);
      if (url.protocol === 'https:' && related(url.hostname, home) && !hosts.has(url.hostname))
        hosts.set(url.hostname, hop);
    }
    const outcomes = [...hosts].map(([host, hop]) => judge(hosts.size > 1 ? host : '', hop, options));
    return outcomesOr(
      outcomes,
      fail('', 'the page is served over plain HTTP, where browsers ignore HSTS', {
        wanted: GOOD,
        seen: first?.url ?? '',
        // On the machine itself there is no way to strip TLS from; the proxy in front sends the header.
        ...(isLoopback(home) ? { severity: 'info' as const } : {}),
      }),
    );
  },
  examples: [
    {
      name: 'a year with subdomains',
      facts: { http: exampleHttp({ [NAME]: 'max-age=31536000; includeSubDomains' }) },
      status: 'pass',
    },
    { name: 'missing', facts: { http: exampleHttp({}) }, status: 'fail' },
    {
      name: 'names without case, a quoted number',
      facts: { http: exampleHttp({ 'strict-transport-security': 'MAX-AGE="31536000" ; includesubdomains;' }) },
      status: 'pass',
    },
    {
      name: 'a directive from the future is ignored',
      facts: { http: exampleHttp({ [NAME]: 'max-age=31536000; includeSubDomains; more="a;b"' }) },
      status: 'pass',
    },
    { name: 'switched off', facts: { http: exampleHttp({ [NAME]: 'max-age=0' }) }, status: 'fail', severity: 'high' },
    { name: 'a month', facts: { http: exampleHttp({ [NAME]: 'max-age=2592000; includeSubDomains' }) }, status: 'fail' },
    {
      name: 'two lines',
      facts: { http: exampleHttp({ [NAME]: ['max-age=31536000; includeSubDomains', 'max-age=0'] }) },
      status: 'fail',
    },
    {
      name: 'two policies on one line',
      facts: { http: exampleHttp({ [NAME]: 'max-age=31536000, max-age=31536000' }) },
      status: 'fail',
    },
    {
      name: 'quoted as a whole',
      facts: { http: exampleHttp({ [NAME]: '"max-age=31536000; includeSubDomains"' }) },
      status: 'fail',
    },
    { name: 'max-age twice', facts: { http: exampleHttp({ [NAME]: 'max-age=31536000; max-age=0' }) }, status: 'fail' },
    { name: 'only includeSubDomains', facts: { http: exampleHttp({ [NAME]: 'includeSubDomains' }) }, status: 'fail' },
    {
      name: 'without subdomains',
      facts: { http: exampleHttp({ [NAME]: 'max-age=31536000' }) },
      status: 'fail',
      severity: 'medium',
    },
    {
      name: 'without subdomains, which are not asked for',
      facts: { http: exampleHttp({ [NAME]: 'max-age=31536000' }) },
      options: { includeSubDomains: false },
      status: 'pass',
    },
    {
      name: 'on plain HTTP the line does not count',
      facts: {
        http: exampleHttp(
          {},
          { hops: [exampleHop('http://shop.example/', 200, { [NAME]: 'max-age=31536000; includeSubDomains' })] },
        ),
      },
      status: 'fail',
    },
    {
      name: 'each host on the way is judged',
      facts: {
        http: exampleHttp(
          {},
          {
            hops: [
              exampleHop('https://shop.example/', 301, { Location: 'https://www.shop.example/' }),
              exampleHop('https://www.shop.example/', 200, { [NAME]: 'max-age=31536000; includeSubDomains' }),
            ],
          },
        ),
      },
      status: 'fail',
      subjects: ['shop.example'],
    },
  ],
});

function judge(subject: string, hop: HttpAnswer, options: { minDays: number; includeSubDomains: boolean }): Outcome {
  const [line, ...more] = linesOf(hop, NAME);
  if (line === undefined) return fail(subject, `${NAME} is missing`, { wanted: GOOD });
  const evidence = { seen: [line, ...more].map((value) => `${NAME}: ${value}`).join('\n'), wanted: GOOD };
  if (more.length > 0)
    return fail(
      subject,
      `${NAME} is sent ${more.length + 1} times; browsers use the first line alone (RFC 6797 8.1)`,
      evidence,
    );
  const hsts = parseHsts(line);
  if (!hsts.ok) return fail(subject, `${NAME} ${hsts.problem}, so browsers ignore it`, evidence);
  const days = Math.floor(hsts.maxAge / 86_400);
  if (hsts.maxAge === 0) return fail(subject, 'max-age=0 switches HSTS off', evidence);
  if (days < options.minDays)
    return fail(
      subject,
      `max-age is ${days < 1 ? `${hsts.maxAge} seconds` : `${days} days`}, less than ${options.minDays} days`,
      { ...evidence, severity: 'medium' },
    );
  if (options.includeSubDomains && !hsts.includeSubDomains)
    return fail(subject, 'includeSubDomains is missing, so a subdomain can be attacked to set cookies for this host', {
      ...evidence,
      severity: 'medium',
    });
  return pass(`HSTS holds for ${days} days`, { subject, seen: evidence.seen });
}
