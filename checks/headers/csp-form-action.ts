import { judgeDirective } from '../../src/analysis/csp-limit.ts';
import { defineHttpCheck } from '../../src/analysis/http-check.ts';
import { exampleHttp } from '../../src/core/facts/examples.ts';

const csp = (...values: string[]) => ({ http: exampleHttp({ 'Content-Security-Policy': values }) });

export default defineHttpCheck({
  id: 'headers.csp-form-action',
  title: 'Forms can only be sent to known places',
  category: 'headers',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'Without it an injected form, or a changed action, sends passwords to an attacker although no script runs.',
  remediation: "Add form-action 'self' to the Content-Security-Policy.",
  references: ['https://www.w3.org/TR/CSP3/#directive-form-action'],
  evaluate({ http }) {
    return judgeDirective(
      http,
      'form-action',
      "form-action 'self'",
      'an injected form can send what is typed anywhere',
    );
  },
  examples: [
    { name: 'self', facts: csp("form-action 'self'"), status: 'pass' },
    { name: 'default-src does not stand in for it', facts: csp("default-src 'self'"), status: 'fail' },
    { name: 'a known host', facts: csp("form-action 'self' https://pay.shop.example"), status: 'pass' },
    { name: 'any https address', facts: csp("form-action 'self' https:"), status: 'fail' },
    {
      name: 'a policy in a meta element',
      facts: {
        http: exampleHttp(
          {},
          { body: `<meta http-equiv="Content-Security-Policy" content="form-action &#39;none&#39;">` },
        ),
      },
      status: 'pass',
    },
    { name: 'no policy', facts: { http: exampleHttp({}) }, status: 'fail' },
  ],
});
