import type { Finding } from '../../src/core/finding.ts';
import { fingerprint } from '../../src/core/finding.ts';

/** A failing finding of headers.csp on shop-web, with what a test changes. */
export function finding(change: Partial<Finding> = {}): Finding {
  const check = change.check ?? 'headers.csp';
  const subject = change.subject ?? '';
  return {
    fingerprint: fingerprint(check, 'shop-web', subject),
    check,
    category: 'headers',
    title: 'A policy stops injected script',
    status: 'fail',
    severity: 'high',
    subject,
    message: 'there is no policy',
    references: ['https://www.w3.org/TR/CSP3/'],
    waiver: null,
    ...change,
  };
}
