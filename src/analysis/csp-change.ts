import type { HttpAnswer } from '../core/facts/http.ts';
import type { Finding } from '../core/finding.ts';
import { type Policy, parsePolicies } from './csp.ts';
import { linesOf } from './headers.ts';

/** Where there is no policy yet: own content only, no inline script. */
const START: readonly [string, string][] = [
  ['default-src', "'self'"],
  ['object-src', "'none'"],
  ['base-uri', "'none'"],
  ['form-action', "'self'"],
];
/** The directive that each check wants, and what it wants there. */
const WANTED: Readonly<Record<string, readonly [string, string]>> = {
  'headers.csp': ['script-src', "'self'"],
  'headers.csp-object-src': ['object-src', "'none'"],
  'headers.csp-base-uri': ['base-uri', "'none'"],
  'headers.csp-form-action': ['form-action', "'self'"],
};

/**
 * The Content-Security-Policy that ends the failing findings: the one that is sent with what is missing put right, or a
 * strict one where there is none. `null` where only the application can mend it: a nonce must come from there.
 */
export function cspValue(page: Pick<HttpAnswer, 'headers'>, findings: readonly Finding[]): string | null {
  const failing = findings.filter((one) => one.status === 'fail' || one.status === 'waived');
  if (failing.some((one) => one.check === 'headers.csp' && one.subject === 'nonce')) return null;
  const isSameOrigin = linesOf(page, 'x-frame-options')[0]?.toUpperCase() === 'SAMEORIGIN';
  const ancestors = ['frame-ancestors', isSameOrigin ? "'self'" : "'none'"] as const;
  const [first, ...others] = parsePolicies(linesOf(page, 'content-security-policy'));
  if (!first) return write([...START, ancestors]);
  const directives = new Map([...first.directives].map(([name, values]) => [name, values.join(' ')]));
  for (const { check } of failing) {
    const wanted = check === 'headers.frame-protection' ? ancestors : WANTED[check];
    if (!wanted) continue;
    directives.set(...wanted);
    if (check !== 'headers.csp') continue;
    // They would win over script-src.
    directives.delete('script-src-elem');
    directives.delete('script-src-attr');
  }
  return [write([...directives]), ...others.map(textOf)].join(', ');
}

function textOf(policy: Policy): string {
  return write([...policy.directives].map(([name, values]) => [name, values.join(' ')]));
}

function write(directives: readonly (readonly [string, string])[]): string {
  return directives.map(([name, values]) => `${name} ${values}`.trim()).join('; ');
}
