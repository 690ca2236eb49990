import { linesOf } from '../../src/analysis/headers.ts';
import { defineHttpCheck } from '../../src/analysis/http-check.ts';
import { isLoopback, related } from '../../src/analysis/site.ts';
import { exampleFailure, exampleHop, exampleHttp } from '../../src/core/facts/examples.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

const http = 'http://shop.example/';
const page = exampleHop('https://shop.example/', 200);
const redirect = (to: string, status = 301) => exampleHop(http, status, { Location: to });

export default defineHttpCheck({
  id: 'headers.https-redirect',
  title: 'Plain HTTP leads to HTTPS at once',
  category: 'headers',
  severity: 'high',
  since: '0.1.0',
  rationale:
    'What is answered over plain HTTP can be read and changed by anybody on the way, and a first visit usually starts there.',
  remediation:
    'Answer plain HTTP with nothing but a redirect to the same host (nginx: server { listen 80; return 301 https://$host$request_uri; }), or close port 80.',
  references: [
    'https://www.rfc-editor.org/rfc/rfc6797#section-7.2',
    'https://infosec.mozilla.org/guidelines/web_security#http-redirections',
  ],
  evaluate({ http: { plain } }) {
    const [first, second] = plain.hops;
    const { stopped } = plain;
    if (!first) {
      if (stopped?.refused) return pass('nothing listens for plain HTTP', { seen: stopped.error });
      // Silence may be the port's, or that of a filter on our own side of the way: nobody has seen that it is closed.
      return unknown('', `plain HTTP gave no answer: ${stopped?.error ?? 'nothing was recorded'}`);
    }
    const host = new URL(first.url).hostname;
    const location = linesOf(first, 'location')[0];
    const wanted = `Location: https://${host}${new URL(first.url).pathname}`;
    if (first.status < 300 || first.status >= 400 || location === undefined) {
      const seen = `${first.url} answers ${first.status}`;
      if (first.status >= 400)
        return fail('', 'plain HTTP is answered with an error instead of a redirect', {
          seen,
          wanted,
          severity: 'low',
        });
      // Secure Contexts, section 3.1: what stays on the machine is as good as encrypted; a proxy in front speaks TLS.
      if (isLoopback(host))
        return fail('', 'the page is served over plain HTTP, to this machine only', { seen, wanted, severity: 'info' });
      return fail('', 'the page is served over plain HTTP', { seen, wanted });
    }
    const next = second?.url ?? (URL.canParse(location, first.url) ? new URL(location, first.url).href : location);
    const seen = `${first.status} to ${next}`;
    if (!next.startsWith('https://')) return fail('', 'plain HTTP redirects to plain HTTP first', { seen, wanted });
    const to = new URL(next).hostname;
    if (to === host) return pass('plain HTTP redirects to HTTPS on the same host', { seen });
    if (related(host, to))
      return fail('', `the first redirect leaves ${host}, so HSTS is never learnt for it`, {
        seen,
        wanted,
        severity: 'low',
      });
    return fail('', `plain HTTP redirects to another site, ${to}`, { seen, wanted, severity: 'medium' });
  },
  examples: [
    { name: 'a redirect to the same host', facts: { http: exampleHttp({}) }, status: 'pass' },
    {
      name: 'the page itself over plain HTTP',
      facts: { http: exampleHttp({}, { plain: { hops: [exampleHop(http, 200)], stopped: null } }) },
      status: 'fail',
      severity: 'high',
    },
    {
      name: 'plain HTTP that only the machine itself reaches',
      facts: { http: exampleHttp({}, { plain: { hops: [exampleHop('http://127.0.0.1:8080/', 200)], stopped: null } }) },
      status: 'fail',
      severity: 'info',
    },
    {
      name: 'port 80 is closed',
      facts: {
        http: exampleHttp({}, { plain: { hops: [], stopped: exampleFailure(http, 'refused', 'connection refused') } }),
      },
      status: 'pass',
    },
    {
      name: 'port 80 is filtered, by whom nobody can tell',
      facts: {
        http: exampleHttp({}, { plain: { hops: [], stopped: exampleFailure(http, 'filtered', 'nothing answered') } }),
      },
      status: 'unknown',
    },
    {
      name: 'port 80 accepts and then says nothing',
      facts: { http: exampleHttp({}, { plain: { hops: [], stopped: exampleFailure(http, 'timeout', 'no answer') } }) },
      status: 'unknown',
    },
    {
      name: 'plain HTTP first, HTTPS later',
      facts: {
        http: exampleHttp(
          {},
          { plain: { hops: [redirect('/home'), exampleHop(`${http}home`, 301), page], stopped: null } },
        ),
      },
      status: 'fail',
    },
    {
      name: 'HTTPS on another host of the site in the first hop',
      facts: {
        http: exampleHttp(
          {},
          {
            plain: {
              hops: [redirect('https://www.shop.example/'), exampleHop('https://www.shop.example/', 200)],
              stopped: null,
            },
          },
        ),
      },
      status: 'fail',
      severity: 'low',
    },
    {
      name: 'a redirect whose destination could not be reached still counts',
      facts: {
        http: exampleHttp(
          {},
          {
            plain: {
              hops: [redirect('https://shop.example/')],
              stopped: exampleFailure('https://shop.example/', 'reset', 'reset'),
            },
          },
        ),
      },
      status: 'pass',
    },
    {
      name: 'a 200 with a Location header is no redirect',
      facts: { http: exampleHttp({}, { plain: { hops: [redirect('https://shop.example/', 200)], stopped: null } }) },
      status: 'fail',
    },
  ],
});
