import { type Cookie, domainMatches, looksLikeSession, prefixProblem } from '../../src/analysis/cookies.ts';
import { defineHttpCheck } from '../../src/analysis/http-check.ts';
import { seenCookies } from '../../src/analysis/seen-cookies.ts';
import { siteOf } from '../../src/analysis/site.ts';
import { exampleHop, exampleHttp } from '../../src/core/facts/examples.ts';
import { fail, type Outcome, outcomesOr, pass } from '../../src/core/outcome.ts';
import { compareSeverity, type Severity } from '../../src/core/severity.ts';

const cookies = (...lines: string[]) => ({ http: exampleHttp({ 'Set-Cookie': lines }) });

export default defineHttpCheck({
  id: 'headers.cookies',
  title: 'Cookies are kept from strangers, script and foreign sites',
  category: 'headers',
  severity: 'high',
  since: '0.1.0',
  rationale:
    'Whoever has the session cookie is the user. Secure keeps it off plain HTTP, HttpOnly out of the hands of injected script, SameSite out of requests that other sites start.',
  remediation: 'Set-Cookie: __Host-sid=...; Path=/; Secure; HttpOnly; SameSite=Lax',
  references: [
    'https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis',
    'https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html',
  ],
  evaluate({ http }, { now }) {
    const seen = seenCookies(http, now);
    const outcomes: Outcome[] = seen.unreadable.map((name) =>
      fail(name, `the Set-Cookie line of "${name}" is one that browsers ignore`, { severity: 'low' }),
    );
    for (const { cookie, url } of seen.cookies) outcomes.push(judge(cookie, url));
    return outcomesOr(outcomes, pass('no cookie is set'));
  },
  examples: [
    {
      name: 'a session as it should be',
      facts: cookies('__Host-sid=abc; Path=/; Secure; HttpOnly; SameSite=Lax'),
      status: 'pass',
    },
    {
      name: 'a session without anything',
      facts: cookies('PHPSESSID=abc; path=/'),
      status: 'fail',
      subjects: ['PHPSESSID'],
      severity: 'high',
    },
    { name: 'no cookies', facts: { http: exampleHttp({}) }, status: 'pass' },
    {
      name: 'attributes without case or order',
      facts: cookies('sid=abc; samesite=STRICT; HTTPONLY; SECURE'),
      status: 'pass',
    },
    {
      name: 'an anti-forgery token is for script to read',
      facts: cookies('XSRF-TOKEN=abc; Path=/; Secure; SameSite=Lax'),
      status: 'pass',
    },
    { name: 'a deleted cookie', facts: cookies('sid=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/'), status: 'pass' },
    { name: 'a deleted cookie by age', facts: cookies('sid=x; Max-Age=0'), status: 'pass' },
    {
      name: 'a session without SameSite',
      facts: cookies('sid=abc; Secure; HttpOnly'),
      status: 'fail',
      severity: 'medium',
    },
    { name: 'a preference without SameSite', facts: cookies('lang=de; Secure'), status: 'fail', severity: 'low' },
    {
      name: 'a session that script can read',
      facts: cookies('auth_token=abc; Secure; SameSite=Lax'),
      status: 'fail',
      severity: 'high',
    },
    {
      name: 'SameSite=None without Secure',
      facts: cookies('lang=de; SameSite=None'),
      status: 'fail',
      severity: 'high',
    },
    {
      name: 'a SameSite value that does not exist',
      facts: cookies('lang=de; Secure; SameSite=Yes'),
      status: 'fail',
      severity: 'medium',
    },
    {
      name: '__Host- with a Domain',
      facts: cookies('__Host-sid=abc; Path=/; Secure; HttpOnly; SameSite=Lax; Domain=shop.example'),
      status: 'fail',
    },
    {
      name: '__Host- without Path=/',
      facts: cookies('__Host-sid=abc; Path=/app; Secure; HttpOnly; SameSite=Lax'),
      status: 'fail',
    },
    {
      name: '__Host-Http- without HttpOnly',
      facts: cookies('__Host-Http-lang=de; Path=/; Secure; SameSite=Lax'),
      status: 'fail',
      severity: 'high',
    },
    {
      name: 'of two SameSite the last counts',
      facts: cookies('lang=de; Secure; SameSite=None; SameSite=Lax'),
      status: 'pass',
    },
    {
      name: 'an expiry in the form of old servers',
      facts: cookies('sid=x; expires=Thu, 01-Jan-70 00:00:01 GMT'),
      status: 'pass',
    },
    { name: 'an expiry that browsers cannot read', facts: cookies('sid=x; expires=1970-01-01'), status: 'fail' },
    { name: '__Secure- without Secure', facts: cookies('__secure-id=abc; SameSite=Lax'), status: 'fail' },
    {
      name: 'a session for every subdomain',
      facts: cookies('sid=abc; Secure; HttpOnly; SameSite=Lax; Domain=.shop.example'),
      status: 'fail',
      severity: 'medium',
    },
    {
      name: 'a Domain that is not ours',
      facts: cookies('lang=de; Secure; SameSite=Lax; Domain=other.example'),
      status: 'fail',
      severity: 'low',
    },
    {
      name: '"Secure" inside the value is no attribute',
      facts: cookies('sid="x Secure HttpOnly"; SameSite=Lax'),
      status: 'fail',
      severity: 'high',
    },
    { name: 'Partitioned without Secure', facts: cookies('lang=de; SameSite=Lax; Partitioned'), status: 'fail' },
    {
      name: 'a cookie on the way counts',
      facts: {
        http: exampleHttp(
          {},
          {
            hops: [
              exampleHop('https://shop.example/', 302, { 'Set-Cookie': 'sid=1', Location: '/a' }),
              exampleHop('https://shop.example/a', 200),
            ],
          },
        ),
      },
      status: 'fail',
      subjects: ['sid'],
    },
    {
      name: 'a cookie over plain HTTP',
      facts: {
        http: exampleHttp(
          {},
          { plain: { hops: [exampleHop('http://shop.example/', 200, { 'Set-Cookie': 'lang=de' })], stopped: null } },
        ),
      },
      status: 'fail',
      severity: 'medium',
    },
  ],
});

/** Everything that is wrong with one cookie is one finding: it is fixed in one place. */
function judge(cookie: Cookie, url: URL): Outcome {
  const session = looksLikeSession(cookie.name);
  const problems: [Severity, string][] = [];
  const prefix = prefixProblem(cookie);
  if (prefix) problems.push(['high', `browsers drop it: ${prefix}`]);
  if (url.protocol === 'http:') problems.push([session ? 'high' : 'medium', 'is set over plain HTTP']);
  if (!cookie.secure && cookie.sameSite === 'none')
    problems.push(['high', 'browsers drop it: SameSite=None needs Secure']);
  else if (!cookie.secure && cookie.partitioned) problems.push(['high', 'browsers drop it: Partitioned needs Secure']);
  else if (!cookie.secure) problems.push([session ? 'high' : 'medium', 'has no Secure']);
  if (session && !cookie.httpOnly) problems.push(['high', 'has no HttpOnly']);
  if (cookie.sameSite === 'invalid') problems.push(['medium', 'has a SameSite that browsers do not know']);
  if (cookie.sameSite === null) problems.push([session ? 'medium' : 'low', 'has no SameSite']);
  if (cookie.domain !== null) {
    if (!domainMatches(url.hostname, cookie.domain))
      problems.push(['low', `browsers drop it: ${cookie.domain} is not its host`]);
    else if (session) problems.push(['medium', `goes to every host below ${cookie.domain}`]);
    else if (cookie.domain !== url.hostname && cookie.domain !== siteOf(url.hostname))
      problems.push(['low', `goes to every host below ${cookie.domain}`]);
  }
  const subject = cookie.name === '' ? '(no name)' : cookie.name.slice(0, 120);
  const seen = `Set-Cookie: ${cookie.line}`;
  const [worst] = problems.map(([severity]) => severity).sort(compareSeverity);
  if (!worst) return pass(`cookie "${subject}" is well kept`, { subject, seen });
  return fail(subject, `cookie "${subject}" ${problems.map(([, text]) => text).join('; ')}`, {
    seen,
    wanted: wantedLine(cookie, session),
    severity: worst,
  });
}

function wantedLine(cookie: Cookie, session: boolean): string {
  const flags = [
    'Secure',
    ...(session || cookie.httpOnly ? ['HttpOnly'] : []),
    `SameSite=${cookie.sameSite === 'strict' ? 'Strict' : cookie.sameSite === 'none' ? 'None' : 'Lax'}`,
  ];
  return `Set-Cookie: ${cookie.name}=...; Path=${cookie.path ?? '/'}; ${flags.join('; ')}`;
}
