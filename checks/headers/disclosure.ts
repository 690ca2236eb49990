import { linesOf, ownAnswers } from '../../src/analysis/headers.ts';
import { defineHttpCheck } from '../../src/analysis/http-check.ts';
import { errorPageSignature, hasVersion, versionedProducts } from '../../src/analysis/product.ts';
import { exampleExchange, exampleHttp } from '../../src/core/facts/examples.ts';
import { fail, type Outcome, outcomesOr, pass } from '../../src/core/outcome.ts';
import { DISCLOSURE_HEADERS } from '../../src/knowledge/disclosure-headers.ts';

const page = (headers: Record<string, string>) => ({ http: exampleHttp(headers) });

export default defineHttpCheck({
  id: 'headers.disclosure',
  title: 'Answers do not tell which version of what runs behind them',
  category: 'headers',
  severity: 'low',
  since: '0.1.0',
  rationale: 'A version in every answer lets attackers pick their targets from a list the day a hole becomes known.',
  remediation:
    'nginx: server_tokens off; Apache: ServerTokens Prod and ServerSignature Off; PHP: expose_php = Off; Express: app.disable("x-powered-by"); otherwise remove the header at the proxy.',
  references: [
    'https://owasp.org/www-project-secure-headers/#prevent-information-disclosure-via-http-headers',
    'https://nginx.org/en/docs/http/ngx_http_core_module.html#server_tokens',
  ],
  evaluate({ http }) {
    const outcomes = new Map<string, Outcome>();
    for (const answer of ownAnswers(http)) {
      for (const value of linesOf(answer, 'server')) {
        const products = versionedProducts(value);
        if (products.length > 0 && !outcomes.has('server'))
          outcomes.set(
            'server',
            fail('server', `Server names ${products.join(', ')}`, {
              seen: `Server: ${value}`,
              wanted: `Server: ${products[0]?.split('/')[0]}`,
            }),
          );
      }
      for (const [name, value] of answer.headers) {
        const subject = name.toLowerCase();
        if (!DISCLOSURE_HEADERS.includes(subject) || outcomes.has(subject)) continue;
        const seen = `${name}: ${value}`.slice(0, 300);
        // A name without a version helps an attacker less.
        outcomes.set(
          subject,
          fail(subject, `${name} says what runs behind the site`, {
            seen,
            wanted: 'no such header',
            severity: hasVersion(value) ? 'low' : 'info',
          }),
        );
      }
    }
    const signature = 'body' in http.missing ? errorPageSignature(http.missing.body) : null;
    if (signature && !outcomes.has('server'))
      outcomes.set('error page', fail('error page', `the error page names ${signature}`, { seen: signature }));
    return outcomesOr([...outcomes.values()], pass('no answer names a version'));
  },
  examples: [
    { name: 'server_tokens off', facts: page({ Server: 'nginx' }), status: 'pass' },
    {
      name: 'nginx with its version',
      facts: page({ Server: 'nginx/1.22.1' }),
      status: 'fail',
      subjects: ['server'],
      severity: 'low',
    },
    { name: 'no Server at all', facts: page({}), status: 'pass' },
    { name: 'a number that is no version', facts: page({ Server: 'ECS (dcb/7F83)' }), status: 'pass' },
    {
      name: 'several products',
      facts: page({ Server: 'Apache/2.4.57 (Debian) OpenSSL/3.0.9' }),
      status: 'fail',
      subjects: ['server'],
    },
    {
      name: 'PHP',
      facts: page({ 'X-Powered-By': 'PHP/8.1.2' }),
      status: 'fail',
      subjects: ['x-powered-by'],
      severity: 'low',
    },
    {
      name: 'a product without a version',
      facts: page({ 'X-Powered-By': 'Express' }),
      status: 'fail',
      severity: 'info',
    },
    {
      name: 'ASP.NET',
      facts: page({ 'X-AspNet-Version': '4.0.30319' }),
      status: 'fail',
      subjects: ['x-aspnet-version'],
      severity: 'low',
    },
    {
      name: 'only the error page tells',
      facts: {
        http: exampleHttp(
          {},
          { missing: exampleExchange('https://shop.example/x', 404, {}, '<center>nginx/1.22.1</center>') },
        ),
      },
      status: 'fail',
      subjects: ['error page'],
    },
  ],
});
