import { allowsInline, governing, noncesOf, type Policy, scriptExposure } from '../../src/analysis/csp.ts';
import { parseSource } from '../../src/analysis/csp-source.ts';
import { linesOf, onDocument } from '../../src/analysis/headers.ts';
import { defineHttpCheck } from '../../src/analysis/http-check.ts';
import { headerPolicies, pagePolicies, policyText } from '../../src/analysis/page-policy.ts';
import { exampleExchange, exampleHttp } from '../../src/core/facts/examples.ts';
import type { HttpFacts } from '../../src/core/facts/http.ts';
import { fail, type Outcome, outcomesOr, pass } from '../../src/core/outcome.ts';
import { CSP_BYPASS_HOSTS } from '../../src/knowledge/csp-bypasses.ts';

const NAME = 'Content-Security-Policy';
const GOOD = `${NAME}: default-src 'self'; script-src 'nonce-{random}' 'strict-dynamic'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`;
const csp = (...values: string[]) => ({ http: exampleHttp({ [NAME]: values }) });
const nonced = (nonce: string) => `script-src 'nonce-${nonce}' 'strict-dynamic'; object-src 'none'`;

export default defineHttpCheck({
  id: 'headers.csp',
  title: 'A Content Security Policy stops injected script',
  category: 'headers',
  severity: 'high',
  since: '0.1.0',
  rationale:
    'Script that gets into the page runs with the rights of whoever looks at it; a strict policy makes the browser refuse it.',
  remediation:
    "Send Content-Security-Policy: script-src 'nonce-{random}' 'strict-dynamic'; object-src 'none'; base-uri 'none' with a fresh nonce in every answer and on every script element; try it with Content-Security-Policy-Report-Only first.",
  references: [
    'https://www.w3.org/TR/CSP3/',
    'https://cheatsheetseries.owasp.org/cheatsheets/Content_Security_Policy_Cheat_Sheet.html',
  ],
  evaluate({ http }) {
    return onDocument(http, ({ answer }) => {
      const policies = pagePolicies(http);
      if (policies.length === 0) {
        const [reporting] = linesOf(answer, `${NAME}-Report-Only`);
        if (reporting === undefined) return fail('', `${NAME} is missing`, { wanted: GOOD });
        const seen = `${NAME}-Report-Only: ${reporting.slice(0, 500)}`;
        return fail('', 'the policy only reports; nothing is stopped', { seen, wanted: GOOD });
      }
      const exposure = scriptExposure(policies);
      const evidence = { seen: policyText(policies), wanted: "script-src 'nonce-{random}' 'strict-dynamic'" };
      const outcomes: Outcome[] = [];
      if (exposure.inline.length > 0)
        outcomes.push(fail('inline', `inline script runs: ${exposure.inline.join(', ')}`, evidence));
      if (exposure.sources.length > 0 && exposure.sources[0] !== exposure.inline[0])
        outcomes.push(fail('sources', `script is loaded from anywhere: ${exposure.sources.join(', ')}`, evidence));
      if (exposure.eval.length > 0 && exposure.eval[0] !== exposure.inline[0])
        outcomes.push(
          fail('eval', `text may become code: ${exposure.eval.join(', ')}`, { ...evidence, severity: 'medium' }),
        );
      const bypasses = policies.map(bypassHosts).sort((a, b) => a.length - b.length)[0] ?? [];
      if (bypasses.length > 0 && exposure.sources.length === 0)
        outcomes.push(
          fail('hosts', `script may come from hosts that serve anybody's script: ${bypasses.join(', ')}`, {
            ...evidence,
            severity: 'medium',
          }),
        );
      outcomes.push(...nonceProblems(http, policies));
      return outcomesOr(outcomes, pass('injected script is stopped', { seen: evidence.seen }));
    });
  },
  examples: [
    { name: 'nonces with strict-dynamic', facts: csp(nonced('r4nd0mR4nd0mR4nd0mR4nd')), status: 'pass' },
    {
      name: 'a meta element in the body does not count',
      facts: {
        http: exampleHttp({}, { body: `<body><meta http-equiv=content-security-policy content="script-src 'self'">` }),
      },
      status: 'fail',
    },
    { name: 'own scripts only', facts: csp("default-src 'self'"), status: 'pass' },
    { name: 'nothing at all', facts: csp("default-src 'none'"), status: 'pass' },
    {
      name: 'style may be inline, script not',
      facts: csp("default-src 'self'; style-src 'self' 'unsafe-inline'"),
      status: 'pass',
    },
    {
      name: 'a nonce cancels unsafe-inline',
      facts: csp("script-src 'nonce-r4nd0mR4nd0mR4nd0mR4nd' 'unsafe-inline'"),
      status: 'pass',
    },
    {
      name: 'strict-dynamic cancels https:',
      facts: csp("script-src 'nonce-r4nd0mR4nd0mR4nd0mR4nd' 'strict-dynamic' https: 'unsafe-inline'"),
      status: 'pass',
    },
    {
      name: 'two policies: the stricter one holds',
      facts: csp("script-src 'self' 'unsafe-inline' *", "script-src 'self'"),
      status: 'pass',
    },
    { name: 'two policies on one line', facts: csp("script-src *, script-src 'self'"), status: 'pass' },
    {
      name: 'a policy in a meta element',
      facts: {
        http: exampleHttp(
          {},
          { body: `<html><head><meta HTTP-EQUIV=Content-Security-Policy content="script-src 'self'"></head>` },
        ),
      },
      status: 'pass',
    },
    {
      name: 'a comma in a meta element separates nothing',
      facts: {
        http: exampleHttp(
          {},
          { body: `<head><meta http-equiv=Content-Security-Policy content="img-src *, script-src 'self'"></head>` },
        ),
      },
      status: 'fail',
      subjects: ['inline'],
    },
    {
      name: 'a directive with anything but ASCII is left out whole',
      facts: csp("script-src 'self' https://b\u00fccher.example"),
      status: 'fail',
    },
    {
      name: 'a meta element in a comment does not count',
      facts: {
        http: exampleHttp(
          {},
          { body: `<head><!-- <meta http-equiv=content-security-policy content="script-src 'self'"> -->` },
        ),
      },
      status: 'fail',
    },
    { name: 'sandboxed without scripts', facts: csp('sandbox allow-forms'), status: 'pass' },
    { name: 'missing', facts: { http: exampleHttp({}) }, status: 'fail' },
    {
      name: 'report-only',
      facts: { http: exampleHttp({ [`${NAME}-Report-Only`]: "default-src 'none'" }) },
      status: 'fail',
    },
    {
      name: 'unsafe-inline',
      facts: csp("default-src 'self'; script-src 'self' 'unsafe-inline'"),
      status: 'fail',
      subjects: ['inline'],
    },
    {
      name: 'unsafe-inline by fallback',
      facts: csp("default-src 'self' 'unsafe-inline'"),
      status: 'fail',
      subjects: ['inline'],
    },
    {
      name: 'unsafe-inline for handlers only',
      facts: csp("script-src 'self'; script-src-attr 'unsafe-inline'"),
      status: 'fail',
      subjects: ['inline'],
    },
    {
      name: 'a broken nonce does not cancel unsafe-inline',
      facts: csp("script-src 'self' 'unsafe-inline' 'nonce-'"),
      status: 'fail',
      subjects: ['inline'],
    },
    {
      name: 'of a directive given twice the first counts',
      facts: csp("script-src 'unsafe-inline'; script-src 'self'"),
      status: 'fail',
      subjects: ['inline'],
    },
    { name: 'any host', facts: csp("script-src 'self' *"), status: 'fail', subjects: ['sources'] },
    { name: 'any https host', facts: csp("script-src 'self' https:"), status: 'fail', subjects: ['sources'] },
    {
      name: 'data: is inline script by another name',
      facts: csp("script-src 'self' data:"),
      status: 'fail',
      subjects: ['sources'],
    },
    {
      name: 'a wildcard over a top-level domain',
      facts: csp('script-src https://*.com'),
      status: 'fail',
      subjects: ['sources'],
    },
    {
      name: 'eval',
      facts: csp("script-src 'self' 'unsafe-eval'"),
      status: 'fail',
      subjects: ['eval'],
      severity: 'medium',
    },
    { name: 'no directive for script', facts: csp("img-src 'self'"), status: 'fail', subjects: ['inline'] },
    {
      name: 'a host that serves everything',
      facts: csp("script-src 'self' https://cdn.jsdelivr.net"),
      status: 'fail',
      subjects: ['hosts'],
      severity: 'medium',
    },
    {
      name: 'one file of such a host',
      facts: csp("script-src 'self' https://cdn.jsdelivr.net/npm/vue@3.5.0/dist/vue.js"),
      status: 'pass',
    },
    {
      name: 'the same nonce in every answer',
      facts: {
        http: exampleHttp(
          { [NAME]: nonced('c29tZXRoaW5nc3RhdGlj') },
          {
            cors: [
              {
                origin: 'null',
                exchange: exampleExchange('https://shop.example/', 200, { [NAME]: nonced('c29tZXRoaW5nc3RhdGlj') }),
              },
            ],
          },
        ),
      },
      status: 'fail',
      subjects: ['nonce'],
    },
    {
      name: 'a JSON answer is no document',
      facts: {
        http: exampleHttp(
          {},
          { hops: [{ url: 'https://shop.example/', status: 200, headers: [['content-type', 'application/json']] }] },
        ),
      },
      status: 'not-applicable',
    },
  ],
});

/** Well-known hosts that the policy allows as a whole; a path narrows them, 'strict-dynamic' makes them void. */
function bypassHosts(policy: Policy): string[] {
  const list = governing(policy, 'script-src-elem');
  if (!list || list.sources.some((source) => source.toLowerCase() === "'strict-dynamic'") || allowsInline(list.sources))
    return [];
  return list.sources.filter((source) => {
    const parsed = parseSource(source);
    if (parsed.type !== 'host' || (parsed.path !== '' && parsed.path !== '/')) return false;
    const { host } = parsed;
    return CSP_BYPASS_HOSTS.some((known) => known === host || (host.startsWith('*.') && known.endsWith(host.slice(1))));
  });
}

/** A nonce protects only while nobody can know it: it must change with every answer and be long enough. */
function nonceProblems(http: HttpFacts, policies: readonly Policy[]): Outcome[] {
  const nonces = [...new Set(noncesOf(policies))];
  const again = http.cors.flatMap(({ exchange }) => ('status' in exchange ? noncesOf(headerPolicies(exchange)) : []));
  const repeated = nonces.find((nonce) => again.includes(nonce));
  if (repeated !== undefined)
    return [
      fail('nonce', 'the nonce is the same in every answer, so injected script can carry it', {
        seen: `'nonce-${repeated}'`,
      }),
    ];
  const short = nonces.find((nonce) => nonce.length < 16);
  if (short === undefined) return [];
  return [
    fail('nonce', 'the nonce is too short to be unguessable (CSP3 asks for 128 bits)', {
      seen: `'nonce-${short}'`,
      severity: 'medium',
    }),
  ];
}
