import { linesOf } from '../../src/analysis/headers.ts';
import { defineHttpCheck } from '../../src/analysis/http-check.ts';
import { exampleExchange, exampleFailure, exampleHttp } from '../../src/core/facts/examples.ts';
import type { HttpExchange } from '../../src/core/facts/http.ts';
import { fail, type Outcome, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

const url = 'https://shop.example/';
const FOREIGN = 'https://seaworthy.invalid';
const probe = (origin: string, headers: Record<string, string>) => ({
  http: exampleHttp({}, { cors: [{ origin, exchange: exampleExchange(url, 200, headers) }] }),
});
const allow = (origin: string, credentials = 'true') => ({
  'Access-Control-Allow-Origin': origin,
  'Access-Control-Allow-Credentials': credentials,
});

export default defineHttpCheck({
  id: 'headers.cors',
  title: "Foreign origins cannot read answers with the visitor's log-in",
  category: 'headers',
  severity: 'critical',
  since: '0.1.0',
  rationale:
    'An origin that is echoed together with Allow-Credentials lets every page on the web read what the logged-in visitor may read.',
  remediation:
    'Compare Origin with a fixed list, whole and exactly; never echo it, never allow null; send Access-Control-Allow-Credentials only to that list, with Vary: Origin.',
  references: ['https://fetch.spec.whatwg.org/#http-cors-protocol', 'https://portswigger.net/web-security/cors'],
  evaluate({ http }) {
    const preflight = { origin: FOREIGN, exchange: http.preflight, what: 'the preflight' };
    const asked = [...http.cors.map((one) => ({ ...one, what: 'the page' })), preflight];
    const outcomes = asked.flatMap(({ origin, exchange, what }) => judge(origin, exchange, what));
    return outcomesOr(outcomes, pass('no foreign origin may read answers with credentials'));
  },
  examples: [
    { name: 'no CORS at all', facts: probe(FOREIGN, {}), status: 'pass' },
    {
      name: 'an arbitrary origin echoed with credentials',
      facts: probe(FOREIGN, allow(FOREIGN)),
      status: 'fail',
      subjects: [FOREIGN],
    },
    { name: 'null echoed with credentials', facts: probe('null', allow('null')), status: 'fail', subjects: ['null'] },
    {
      name: 'an origin that only begins like ours, with credentials',
      facts: probe('https://shop.example.seaworthy.invalid', allow('https://shop.example.seaworthy.invalid')),
      status: 'fail',
    },
    {
      name: 'open to all without credentials',
      facts: probe(FOREIGN, { 'Access-Control-Allow-Origin': '*' }),
      status: 'pass',
    },
    {
      name: 'echoed without credentials',
      facts: probe(FOREIGN, { 'Access-Control-Allow-Origin': FOREIGN }),
      status: 'pass',
    },
    { name: 'credentials need the exact word', facts: probe(FOREIGN, allow(FOREIGN, 'True')), status: 'pass' },
    { name: 'a fixed partner', facts: probe(FOREIGN, allow('https://partner.example')), status: 'pass' },
    {
      name: '* with credentials is refused by browsers',
      facts: probe(FOREIGN, allow('*')),
      status: 'fail',
      severity: 'low',
    },
    {
      name: 'only the preflight echoes',
      facts: { http: exampleHttp({}, { preflight: exampleExchange(url, 204, allow(FOREIGN)) }) },
      status: 'fail',
      subjects: [FOREIGN],
    },
    {
      name: 'no answer',
      facts: { http: exampleHttp({}, { cors: [{ origin: 'null', exchange: exampleFailure(url, 'reset', 'reset') }] }) },
      status: 'unknown',
    },
  ],
});

function judge(origin: string, exchange: HttpExchange, what: string): Outcome[] {
  if (!('status' in exchange)) return [unknown(origin, `${what} gave no answer to ${origin}: ${exchange.error}`)];
  const allowed = linesOf(exchange, 'access-control-allow-origin');
  const [first] = allowed;
  // Fetch 4.10: the words are compared as they stand, several lines joined with commas, so that these never match.
  if (first === undefined || allowed.length > 1) return [];
  if (linesOf(exchange, 'access-control-allow-credentials').join(', ') !== 'true') return [];
  const seen = `Origin: ${origin}\nAccess-Control-Allow-Origin: ${first}\nAccess-Control-Allow-Credentials: true`;
  if (first === origin)
    return [
      fail(
        origin,
        `${what} may be read by ${origin === 'null' ? 'sandboxed frames (Origin: null)' : 'any origin'}, with the visitor's log-in`,
        { seen, identity: `${what} ${origin}` },
      ),
    ];
  if (first === '*')
    return [
      fail(origin, `${what} allows * together with credentials, which browsers refuse`, {
        seen,
        severity: 'low',
        identity: `${what} ${origin}`,
      }),
    ];
  return [];
}
