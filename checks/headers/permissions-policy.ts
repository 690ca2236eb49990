import { linesOf, onDocument } from '../../src/analysis/headers.ts';
import { defineHttpCheck } from '../../src/analysis/http-check.ts';
import { isInnerList, type Member, parseDictionary } from '../../src/analysis/structured-field.ts';
import { exampleHttp } from '../../src/core/facts/examples.ts';
import { fail, type Outcome, outcomesOr, pass } from '../../src/core/outcome.ts';
import { SENSITIVE_FEATURES } from '../../src/knowledge/sensitive-features.ts';

const NAME = 'Permissions-Policy';
const GOOD = `${NAME}: camera=(), microphone=(), geolocation=(), payment=(), usb=()`;
const policy = (...values: string[]) => ({ http: exampleHttp({ [NAME]: values }) });

export default defineHttpCheck({
  id: 'headers.permissions-policy',
  title: 'Camera, microphone, place and the like are not open to every frame',
  category: 'headers',
  severity: 'low',
  since: '0.1.0',
  rationale:
    'What the page does not use it can switch off for itself and for every frame in it, so that injected or third-party script cannot ask for it either.',
  remediation: `Send ${GOOD}, leaving out what the page uses or naming who may use it: camera=(self "https://calls.example").`,
  references: ['https://www.w3.org/TR/permissions-policy/', 'https://www.rfc-editor.org/rfc/rfc9651'],
  evaluate({ http }) {
    return onDocument(http, ({ answer }) => {
      const lines = linesOf(answer, NAME);
      if (lines.length === 0) return fail('', `${NAME} is missing`, { wanted: GOOD });
      const seen = lines
        .map((line) => `${NAME}: ${line}`)
        .join('\n')
        .slice(0, 1_000);
      // RFC 9651 4.2: the lines are one value.
      const members = parseDictionary(lines.join(', '));
      if (!members)
        return fail('', `${NAME} is not a structured field, so browsers ignore all of it`, { seen, wanted: GOOD });
      const outcomes: Outcome[] = [];
      for (const [feature, member] of members) {
        const words = allowlist(member);
        if (words === null)
          outcomes.push(
            fail(feature, `the list of ${feature} is no allowlist, so browsers ignore it`, {
              seen,
              wanted: `${feature}=()`,
            }),
          );
        else if (words.includes('*') && SENSITIVE_FEATURES.includes(feature))
          outcomes.push(fail(feature, `${feature} is open to every frame`, { seen, wanted: `${feature}=()` }));
      }
      return outcomesOr(
        outcomes,
        pass(`${members.size} features are limited, none of the sensitive ones is open to all`, { seen }),
      );
    });
  },
  examples: [
    { name: 'switched off', facts: policy('camera=(), microphone=(), geolocation=()'), status: 'pass' },
    { name: 'missing', facts: { http: exampleHttp({}) }, status: 'fail' },
    {
      name: 'limited to known origins',
      facts: policy('camera=(self "https://calls.example"), geolocation=self'),
      status: 'pass',
    },
    { name: 'over two lines', facts: policy('camera=()', 'microphone=()'), status: 'pass' },
    { name: 'harmless features may be open', facts: policy('camera=(), fullscreen=*'), status: 'pass' },
    { name: 'of a feature given twice the last counts', facts: policy('camera=*, camera=()'), status: 'pass' },
    { name: 'with a parameter', facts: policy('geolocation=();report-to=main'), status: 'pass' },
    {
      name: 'open to all',
      facts: policy('camera=*, microphone=(self *)'),
      status: 'fail',
      subjects: ['camera', 'microphone'],
    },
    { name: 'the syntax of Feature-Policy', facts: policy("camera 'none'; microphone 'none'"), status: 'fail' },
    { name: 'a trailing comma', facts: policy('camera=(),'), status: 'fail' },
    { name: 'a word that means nothing', facts: policy('camera=none'), status: 'fail', subjects: ['camera'] },
  ],
});

/** Words of an allowlist: tokens `*`, `self` and `src`, origins as strings; `null` where nothing in it means anything. */
function allowlist(member: Member): string[] | null {
  const items = isInnerList(member) ? member.items : [member];
  const words = items.flatMap(({ item }) => {
    if (item.type === 'string') return [item.value];
    return item.type === 'token' && ['*', 'self', 'src'].includes(item.value) ? [item.value] : [];
  });
  return words.length === 0 && items.length > 0 ? null : words;
}
