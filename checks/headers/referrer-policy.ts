import { elementsOf } from '../../src/analysis/elements.ts';
import { membersOf, onDocument } from '../../src/analysis/headers.ts';
import { defineHttpCheck } from '../../src/analysis/http-check.ts';
import { exampleHttp } from '../../src/core/facts/examples.ts';
import type { HttpFacts } from '../../src/core/facts/http.ts';
import { fail, pass } from '../../src/core/outcome.ts';

const NAME = 'Referrer-Policy';
const PRIVATE = new Set(['no-referrer', 'same-origin', 'strict-origin', 'strict-origin-when-cross-origin']);
const OPEN = new Set(['origin', 'origin-when-cross-origin', 'unsafe-url', 'no-referrer-when-downgrade']);

export default defineHttpCheck({
  id: 'headers.referrer-policy',
  title: 'Addresses of pages are not told to other sites',
  category: 'headers',
  severity: 'low',
  since: '0.1.0',
  rationale:
    'Addresses hold search words, order numbers and reset tokens; other sites, and plain HTTP, learn them from the Referer.',
  remediation: `Send ${NAME}: strict-origin-when-cross-origin, or no-referrer.`,
  references: ['https://www.w3.org/TR/referrer-policy/#parse-referrer-policy-from-header'],
  evaluate({ http }) {
    return onDocument(http, ({ answer }) => {
      const wanted = `${NAME}: strict-origin-when-cross-origin`;
      const header = membersOf(answer, NAME);
      const tokens = [...header, ...metaPolicies(http)];
      if (tokens.length === 0)
        return fail('', `${NAME} is missing, so it is left to each browser's default`, { wanted });
      // Referrer Policy 8.1: the last token that is known counts; unknown ones are for future browsers.
      const policy = tokens
        .map((token) => token.toLowerCase())
        .findLast((token) => PRIVATE.has(token) || OPEN.has(token));
      const seen = `${NAME}: ${tokens.join(', ').slice(0, 400)}`;
      if (policy === undefined) return fail('', `${NAME} has no value that browsers know`, { seen, wanted });
      if (PRIVATE.has(policy)) return pass(`the policy is ${policy}`, { seen });
      return fail('', `${policy} tells other sites more than they need`, { seen, wanted });
    });
  },
  examples: [
    {
      name: 'strict-origin-when-cross-origin',
      facts: { http: exampleHttp({ [NAME]: 'strict-origin-when-cross-origin' }) },
      status: 'pass',
    },
    { name: 'missing', facts: { http: exampleHttp({}) }, status: 'fail' },
    {
      name: 'the last known value counts',
      facts: { http: exampleHttp({ [NAME]: 'unsafe-url, no-referrer, future-policy' }) },
      status: 'pass',
    },
    {
      name: 'over several lines',
      facts: { http: exampleHttp({ [NAME]: ['no-referrer', 'unsafe-url'] }) },
      status: 'fail',
    },
    { name: 'unsafe-url', facts: { http: exampleHttp({ [NAME]: 'unsafe-url' }) }, status: 'fail' },
    { name: 'a misspelt value', facts: { http: exampleHttp({ [NAME]: 'same origin' }) }, status: 'fail' },
    {
      name: 'from a meta element',
      facts: { http: exampleHttp({}, { body: '<meta name="Referrer" content="same-origin">' }) },
      status: 'pass',
    },
    {
      name: 'a word of old in a meta element',
      facts: { http: exampleHttp({ [NAME]: 'no-referrer' }, { body: '<meta name=referrer content=ALWAYS>' }) },
      status: 'fail',
    },
    {
      name: 'a meta element undoes the header',
      facts: { http: exampleHttp({ [NAME]: 'no-referrer' }, { body: '<meta name=referrer content=unsafe-url>' }) },
      status: 'fail',
    },
  ],
});

/** Words of old that a meta element may hold (HTML 4.2.5.1). */
const LEGACY: Record<string, string> = {
  never: 'no-referrer',
  default: 'strict-origin-when-cross-origin',
  always: 'unsafe-url',
  'origin-when-crossorigin': 'origin-when-cross-origin',
};

/** HTML 4.2.5.4: a meta element named referrer sets the policy of the document, after the header. */
function metaPolicies(http: HttpFacts): string[] {
  return elementsOf(http).flatMap(({ name, attributes }) => {
    if (name !== 'meta' || attributes.get('name')?.trim().toLowerCase() !== 'referrer') return [];
    const content = attributes.get('content')?.trim().toLowerCase();
    return content ? [LEGACY[content] ?? content] : [];
  });
}
