import { linesOf, onDocument } from '../../src/analysis/headers.ts';
import { defineHttpCheck } from '../../src/analysis/http-check.ts';
import { parseItem } from '../../src/analysis/structured-field.ts';
import { exampleHttp } from '../../src/core/facts/examples.ts';
import type { HttpAnswer } from '../../src/core/facts/http.ts';
import { fail, type Outcome, outcomesOr, pass } from '../../src/core/outcome.ts';

const OPENER = 'Cross-Origin-Opener-Policy';
const EMBEDDER = 'Cross-Origin-Embedder-Policy';
const RESOURCE = 'Cross-Origin-Resource-Policy';
const GOOD = `${OPENER}: same-origin\n${EMBEDDER}: require-corp\n${RESOURCE}: same-origin`;
const KNOWN: Record<string, readonly string[]> = {
  [OPENER]: ['same-origin', 'same-origin-allow-popups', 'noopener-allow-popups', 'unsafe-none'],
  [EMBEDDER]: ['require-corp', 'credentialless', 'unsafe-none'],
  [RESOURCE]: ['same-origin', 'same-site', 'cross-origin'],
};
const page = (opener?: string, embedder?: string, resource?: string) => ({
  http: exampleHttp({
    ...(opener === undefined ? {} : { [OPENER]: opener }),
    ...(embedder === undefined ? {} : { [EMBEDDER]: embedder }),
    ...(resource === undefined ? {} : { [RESOURCE]: resource }),
  }),
});

export default defineHttpCheck({
  id: 'headers.cross-origin-isolation',
  title: 'The page has a process of its own',
  category: 'headers',
  severity: 'info',
  since: '0.1.0',
  rationale:
    'With COOP and COEP a browser keeps the page apart from foreign windows and content, which side-channel attacks need. It breaks pop-up log-ins and foreign embeds, so it is information.',
  remediation: `Where the page needs no foreign pop-ups or embeds, send:\n${GOOD}`,
  references: [
    'https://html.spec.whatwg.org/multipage/browsers.html#cross-origin-opener-policies',
    'https://web.dev/articles/coop-coep',
  ],
  evaluate({ http }) {
    return onDocument(http, ({ answer }) => {
      const values = new Map([OPENER, EMBEDDER, RESOURCE].map((name) => [name, read(answer, name)]));
      const broken = [...values].flatMap(([name, value]): Outcome[] =>
        value.problem === null
          ? []
          : [fail(name.toLowerCase(), `${name} ${value.problem}`, { seen: value.line, wanted: GOOD })],
      );
      const opener = values.get(OPENER)?.token ?? 'unsafe-none';
      const embedder = values.get(EMBEDDER)?.token ?? 'unsafe-none';
      const isolated = opener === 'same-origin' && embedder !== 'unsafe-none';
      const seen = `opener ${opener}, embedder ${embedder}, resource ${values.get(RESOURCE)?.token ?? 'not sent'}`;
      return outcomesOr(
        broken,
        isolated
          ? pass('the page is cross-origin isolated', { seen })
          : fail('', 'the page is not cross-origin isolated', { seen, wanted: GOOD }),
      );
    });
  },
  examples: [
    { name: 'isolated', facts: page('same-origin', 'require-corp', 'same-origin'), status: 'pass' },
    { name: 'nothing sent', facts: page(), status: 'fail' },
    {
      name: 'credentialless, with a report parameter',
      facts: page('same-origin; report-to="coop"', 'credentialless'),
      status: 'pass',
    },
    { name: 'opener alone does not isolate', facts: page('same-origin'), status: 'fail', subjects: [''] },
    { name: 'pop-ups allowed', facts: page('same-origin-allow-popups', 'require-corp'), status: 'fail' },
    {
      name: 'a quoted string is no token',
      facts: page('"same-origin"', 'require-corp'),
      status: 'fail',
      subjects: ['cross-origin-opener-policy'],
    },
    {
      name: 'a state that only browsers can set',
      facts: page('same-origin-plus-coep', 'require-corp'),
      status: 'fail',
      subjects: ['cross-origin-opener-policy'],
    },
    {
      name: 'the same line twice is no item',
      facts: { http: exampleHttp({ [OPENER]: ['same-origin', 'same-origin'], [EMBEDDER]: 'require-corp' }) },
      status: 'fail',
      subjects: ['cross-origin-opener-policy'],
    },
    {
      name: 'tokens have case',
      facts: page('Same-Origin', 'require-corp'),
      status: 'fail',
      subjects: ['cross-origin-opener-policy'],
    },
    {
      name: 'an unknown resource policy',
      facts: page('same-origin', 'require-corp', 'self'),
      status: 'fail',
      subjects: ['cross-origin-resource-policy'],
    },
  ],
});

/** One header: its token, or why browsers ignore it. Resource policy is compared as it stands (Fetch 3.6), the others are structured items. */
function read(answer: HttpAnswer, name: string): { token: string | null; line: string; problem: string | null } {
  const lines = linesOf(answer, name);
  const line = lines.join(', ');
  if (lines.length === 0) return { token: null, line, problem: null };
  const item = parseItem(line)?.item;
  const token = name === RESOURCE ? line : item?.type === 'token' ? item.value : null;
  if (token === null) return { token, line, problem: 'is not a structured token, so browsers ignore it' };
  if (!KNOWN[name]?.includes(token))
    return { token: null, line, problem: `"${token.slice(0, 80)}" is no value that browsers know` };
  return { token, line, problem: null };
}
