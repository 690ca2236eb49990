import type { HttpAnswer, HttpFacts } from '../core/facts/http.ts';
import { type Policy, parsePolicies } from './csp.ts';
import { elementsOf, metaEquiv } from './elements.ts';
import { linesOf } from './headers.ts';

const NAME = 'content-security-policy';

/** Policies that are enforced by an answer's header lines. */
export function headerPolicies(answer: Pick<HttpAnswer, 'headers'>): Policy[] {
  return parsePolicies(linesOf(answer, NAME));
}

/** Every policy that is enforced on the page: header lines and meta elements. All of them apply. */
export function pagePolicies(http: HttpFacts): Policy[] {
  const page = http.hops.at(-1);
  if (!page) return [];
  return [...headerPolicies(page), ...parsePolicies(metaEquiv(elementsOf(http), NAME), 'meta')];
}

/** The policies as evidence, one per line. */
export function policyText(policies: readonly Policy[]): string {
  return policies
    .map((policy) => (policy.source === 'meta' ? `<meta> ${policy.text}` : `Content-Security-Policy: ${policy.text}`))
    .join('\n')
    .slice(0, 2_000);
}
