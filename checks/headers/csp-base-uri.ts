import { judgeDirective } from '../../src/analysis/csp-limit.ts';
import { defineHttpCheck } from '../../src/analysis/http-check.ts';
import { exampleHttp } from '../../src/core/facts/examples.ts';

const csp = (...values: string[]) => ({ http: exampleHttp({ 'Content-Security-Policy': values }) });

export default defineHttpCheck({
  id: 'headers.csp-base-uri',
  title: 'The page cannot be given another base address',
  category: 'headers',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'One injected base element turns every relative address of the page, scripts with nonces included, into one of the attacker.',
  remediation: "Add base-uri 'none' to the Content-Security-Policy.",
  references: ['https://www.w3.org/TR/CSP3/#directive-base-uri'],
  evaluate({ http }) {
    return judgeDirective(
      http,
      'base-uri',
      "base-uri 'none'",
      'an injected base element sends relative scripts and links elsewhere',
    );
  },
  examples: [
    { name: 'none', facts: csp("base-uri 'none'"), status: 'pass' },
    { name: 'default-src does not stand in for it', facts: csp("default-src 'none'"), status: 'fail' },
    { name: 'self', facts: csp("default-src *; base-uri 'self'"), status: 'pass' },
    { name: 'in one of two policies', facts: csp('img-src *', "base-uri 'self'"), status: 'pass' },
    { name: 'any address', facts: csp('base-uri *'), status: 'fail' },
    { name: 'any https address', facts: csp('base-uri https:'), status: 'fail' },
    { name: 'no policy', facts: { http: exampleHttp({}) }, status: 'fail' },
  ],
});
