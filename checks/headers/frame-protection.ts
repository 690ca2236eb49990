import { framingOf } from '../../src/analysis/framing.ts';
import { linesOf, onDocument } from '../../src/analysis/headers.ts';
import { defineHttpCheck } from '../../src/analysis/http-check.ts';
import { pagePolicies } from '../../src/analysis/page-policy.ts';
import { exampleHttp } from '../../src/core/facts/examples.ts';
import { fail, pass } from '../../src/core/outcome.ts';

const page = (headers: Record<string, string | string[]>, body?: string) => ({
  http: exampleHttp(headers, body === undefined ? {} : { body }),
});
const ancestors = (list: string) => page({ 'Content-Security-Policy': `frame-ancestors ${list}` });

export default defineHttpCheck({
  id: 'headers.frame-protection',
  title: 'The page cannot be framed by strangers',
  category: 'headers',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'A page inside a foreign, invisible frame can be made to receive clicks that were meant for something else.',
  remediation:
    "Send Content-Security-Policy: frame-ancestors 'none' (or 'self'), and X-Frame-Options: DENY for old browsers; each exactly once.",
  references: [
    'https://www.w3.org/TR/CSP3/#directive-frame-ancestors',
    'https://html.spec.whatwg.org/multipage/document-lifecycle.html#the-x-frame-options-header',
  ],
  evaluate({ http }) {
    return onDocument(http, ({ answer }) => {
      const framing = framingOf(answer, pagePolicies(http));
      const lines = linesOf(answer, 'x-frame-options');
      if (framing.ok) {
        // One line repeated by a proxy is read as "DENY, DENY", which some browsers refuse to understand.
        if (lines.length > 1 && framing.by.startsWith('X-Frame'))
          return fail('', `X-Frame-Options is sent ${lines.length} times`, {
            seen: framing.by,
            wanted: 'X-Frame-Options: DENY',
            severity: 'low',
          });
        return pass('framing is limited', { seen: framing.by });
      }
      return fail('', framing.problem, {
        wanted: "Content-Security-Policy: frame-ancestors 'none'",
        ...(framing.by ? { seen: framing.by } : {}),
      });
    });
  },
  examples: [
    { name: "frame-ancestors 'none'", facts: ancestors("'none'"), status: 'pass' },
    { name: 'nothing sent', facts: page({}), status: 'fail' },
    { name: 'frame-ancestors with known hosts', facts: ancestors("'self' https://partner.example"), status: 'pass' },
    { name: 'an empty frame-ancestors means nobody', facts: ancestors(''), status: 'pass' },
    { name: 'X-Frame-Options: DENY', facts: page({ 'X-Frame-Options': 'DENY' }), status: 'pass' },
    { name: 'X-Frame-Options without case', facts: page({ 'x-frame-options': 'sameorigin' }), status: 'pass' },
    { name: 'frame-ancestors *', facts: ancestors('*'), status: 'fail' },
    { name: 'frame-ancestors https:', facts: ancestors('https:'), status: 'fail' },
    {
      name: 'frame-ancestors * wins over X-Frame-Options: DENY',
      facts: page({ 'Content-Security-Policy': 'frame-ancestors *', 'X-Frame-Options': 'DENY' }),
      status: 'fail',
    },
    { name: 'ALLOW-FROM', facts: page({ 'X-Frame-Options': 'ALLOW-FROM https://partner.example' }), status: 'fail' },
    { name: 'contradicting values', facts: page({ 'X-Frame-Options': ['DENY', 'SAMEORIGIN'] }), status: 'fail' },
    {
      name: 'the same value twice',
      facts: page({ 'X-Frame-Options': ['DENY', 'DENY'] }),
      status: 'fail',
      severity: 'low',
    },
    { name: 'a value that does not exist', facts: page({ 'X-Frame-Options': 'NONE' }), status: 'fail' },
    {
      name: 'frame-ancestors in a meta element does nothing',
      facts: page({}, `<meta http-equiv="Content-Security-Policy" content="frame-ancestors 'none'">`),
      status: 'fail',
    },
  ],
});
