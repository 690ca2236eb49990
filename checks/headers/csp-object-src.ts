import { judgeDirective } from '../../src/analysis/csp-limit.ts';
import { defineHttpCheck } from '../../src/analysis/http-check.ts';
import { exampleHttp } from '../../src/core/facts/examples.ts';

const csp = (...values: string[]) => ({ http: exampleHttp({ 'Content-Security-Policy': values }) });

export default defineHttpCheck({
  id: 'headers.csp-object-src',
  title: 'Plug-in content is limited',
  category: 'headers',
  severity: 'medium',
  since: '0.1.0',
  rationale: 'Plug-in content runs beside script-src; nobody needs it any more.',
  remediation: "Add object-src 'none' to the Content-Security-Policy.",
  references: ['https://www.w3.org/TR/CSP3/#directive-object-src'],
  evaluate({ http }) {
    return judgeDirective(http, 'object-src', "object-src 'none'", 'object and embed elements load anything');
  },
  examples: [
    { name: 'none', facts: csp("object-src 'none'"), status: 'pass' },
    { name: 'its own list wins over default-src', facts: csp("default-src 'none'; object-src *"), status: 'fail' },
    { name: 'default-src stands in for it', facts: csp("default-src 'self'"), status: 'pass' },
    { name: 'only script-src', facts: csp("script-src 'self'"), status: 'fail' },
    { name: 'no policy', facts: { http: exampleHttp({}) }, status: 'fail' },
  ],
});
