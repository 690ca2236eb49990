import { leakOutcome, placeOf } from '../../src/analysis/leak-outcomes.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleLeak, exampleServed } from '../../src/core/facts/examples-leaks.ts';
import { type Outcome, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

/** Kinds that are often made for browsers: a key that is limited to a site, a token that says nothing but "anonymous". */
const FOR_BROWSERS = new Set(['google-api-key', 'jwt']);
const NOTHING = { unscanned: [], unscannedCount: 0, accepted: [], ignoreProblems: [] };

export default defineCheck({
  id: 'secrets.served-code',
  title: 'No secret is in the code that everybody is served',
  category: 'secrets',
  severity: 'critical',
  since: '0.1.0',
  rationale:
    'What a page, a script or a source map holds, every visitor has, and robots that collect keys read them within minutes of a release.',
  remediation:
    'Revoke the secret and make a new one. Let the server make the call that needs it, or hand out short-lived tokens per user; take source maps off the public server.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html',
    'https://cwe.mitre.org/data/definitions/615.html',
    'https://tc39.es/ecma426/',
  ],
  needs: ['served'],
  evaluate({ served }, { now }) {
    const outcomes: Outcome[] = [];
    for (const leak of served.leaks) {
      const meant = FOR_BROWSERS.has(leak.rule);
      // Code under /docs/ or /examples/ is served like any other.
      const places = leak.places.map((place) => ({ ...place, file: `${served.origin}${place.file}` }));
      const outcome = leakOutcome({ ...leak, places }, NOTHING, now, {
        ...{ aside: false, stepsDown: meant ? 2 : 0, details: { public: meant } },
        ...(meant ? { note: 'one of a kind that may be meant for browsers: limit it to the site' } : {}),
      });
      const [first] = leak.places;
      if (outcome && first) outcomes.push({ ...outcome, subject: placeOf(first) });
    }
    outcomes.push(...served.unread.slice(0, 20).map(({ path, reason }) => unknown(path, reason)));
    const { pages, scripts, maps, sources, bytes } = served.read;
    const seen = `${pages} page, ${scripts} scripts, ${maps} source maps with ${sources} files`;
    const good = pass(`no secret in what is served (${seen}, ${served.requests} requests)`, {
      details: { pages, scripts, maps, sources, bytes, foreign: served.foreign, sourceMaps: served.maps },
    });
    return outcomesOr(outcomes, good);
  },
  examples: [
    { name: 'nothing found', facts: { served: exampleServed() }, status: 'pass' },
    {
      name: 'a token in a script',
      facts: { served: exampleServed({ leaks: [exampleLeak({ places: [{ file: '/docs/app.js', line: 1 }] })] }) },
      status: 'fail',
      subjects: ['/docs/app.js:1'],
      severity: 'critical',
    },
    {
      name: 'a key that browsers are given on purpose',
      facts: { served: exampleServed({ leaks: [exampleLeak({ rule: 'google-api-key', severity: 'high' })] }) },
      status: 'fail',
      severity: 'low',
    },
    {
      name: 'a script that was not answered',
      facts: { served: exampleServed({ unread: [{ path: '/app.js', reason: 'out of requests' }] }) },
      status: 'unknown',
      subjects: ['/app.js'],
    },
  ],
});
