import { linesOf } from '../../src/analysis/headers.ts';
import { httpNodes } from '../../src/analysis/http-check.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleFailure, exampleHttp } from '../../src/core/facts/examples.ts';
import type { HttpFacts, HttpNode } from '../../src/core/facts/http.ts';
import { fail, notApplicable, type Outcome, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

const OTHER = '[2001:db8::2]:443';
const node = (view: HttpFacts): HttpNode => ({ address: OTHER, view });
const silent = (kind: string): HttpNode => ({
  address: OTHER,
  failure: exampleFailure('https://shop.example/', kind, kind),
});
const HEADERS = {
  'Content-Security-Policy': "default-src 'self'",
  'X-Content-Type-Options': 'nosniff',
};

/** What a node must have in common with the others; everything else may change with every answer. */
const PROTECTIONS = [
  'strict-transport-security',
  'content-security-policy',
  'content-security-policy-report-only',
  'x-frame-options',
  'x-content-type-options',
  'referrer-policy',
  'permissions-policy',
  'cross-origin-opener-policy',
  'cross-origin-embedder-policy',
  'cross-origin-resource-policy',
];

export default defineCheck({
  id: 'headers.address-consistency',
  title: 'Every address answers the same',
  category: 'headers',
  severity: 'high',
  since: '0.1.0',
  rationale:
    'A node that missed a deployment, or is down, is met by a part of the visitors only, so nobody can reproduce what they report and most monitors never see it.',
  remediation:
    'Bring the node that differs to the state of the others, or take its address out of the name until that is done.',
  references: ['https://www.rfc-editor.org/rfc/rfc8305', 'https://www.rfc-editor.org/rfc/rfc1794'],
  needs: ['http'],
  evaluate({ http }) {
    const nodes = httpNodes(http);
    if (nodes.length === 1) return notApplicable('the endpoint has one address');
    const looks = nodes.flatMap((one) => ('facts' in one ? [{ address: one.address, look: lookOf(one.facts) }] : []));
    const usual = majority(looks.map(({ look }) => look));
    const outcomes = nodes.map((one): Outcome => {
      const { address } = one;
      const details = { address };
      if ('failure' in one) {
        const { kind, error } = one.failure;
        if (kind === 'no-route') return unknown(address, `there is no way to it from here: ${error}`, { details });
        if (kind === 'cancelled') return unknown(address, `could not look: ${error}`, { details });
        return fail(address, `${address} gives no answer, others do: ${error}`, { details, seen: error });
      }
      const seen = lookOf(one.facts);
      if (seen === usual) return pass(`${address} answers like the others`, { subject: address, details });
      return fail(address, `${address} does not answer like the others`, { details, seen, wanted: usual });
    });
    return outcomesOr(outcomes, unknown('', 'no address was looked at'));
  },
  examples: [
    {
      name: 'two nodes alike',
      facts: { http: exampleHttp(HEADERS, { others: [node(exampleHttp(HEADERS))] }) },
      status: 'pass',
    },
    {
      name: 'a node without the headers of the other',
      facts: { http: exampleHttp(HEADERS, { others: [node(exampleHttp({}))] }) },
      status: 'fail',
      subjects: [OTHER],
    },
    {
      name: 'of three nodes the first is the stale one',
      facts: {
        http: exampleHttp(
          {},
          { others: [node(exampleHttp(HEADERS)), { ...node(exampleHttp(HEADERS)), address: '192.0.2.3:443' }] },
        ),
      },
      status: 'fail',
      subjects: ['192.0.2.1:443'],
    },
    {
      name: 'a node that refuses connections',
      facts: { http: exampleHttp(HEADERS, { others: [silent('refused')] }) },
      status: 'fail',
      subjects: [OTHER],
    },
    {
      name: 'a machine without IPv6 cannot tell',
      facts: { http: exampleHttp(HEADERS, { others: [silent('no-route')] }) },
      status: 'unknown',
      subjects: [OTHER],
    },
    { name: 'a single address', facts: { http: exampleHttp(HEADERS) }, status: 'not-applicable' },
  ],
});

/** Status, where the way leads, and which protections are sent. */
function lookOf(http: HttpFacts): string {
  const page = http.hops.at(-1);
  if (!page) return 'nothing';
  const sent = PROTECTIONS.filter((name) => linesOf(page, name).length > 0);
  const end = http.stopped ? `then ${http.stopped.kind}` : `certificate ${http.certificateError ?? 'trusted'}`;
  return `${page.status} ${page.url}\n${end}\n${sent.join('\n') || 'no protections'}`;
}

/** What most nodes have; of equally many the first. */
function majority(looks: readonly string[]): string {
  const count = (look: string) => looks.filter((one) => one === look).length;
  return looks.reduce((best, look) => (count(look) > count(best) ? look : best), looks[0] ?? '');
}
