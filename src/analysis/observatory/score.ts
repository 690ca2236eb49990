import type { HttpFacts } from '../../core/facts/http.ts';
import {
  OBSERVATORY_ALGORITHM,
  OBSERVATORY_BONUS_FROM,
  OBSERVATORY_GRADES,
  OBSERVATORY_RESULTS,
  type ObservatoryResult,
} from '../../knowledge/observatory.ts';
import { cookiesTest } from './cookies.ts';
import { cspTest } from './csp.ts';
import { integrityTest } from './integrity.ts';
import { requestsOf } from './requests.ts';
import {
  contentTypeOptionsTest,
  corsTest,
  embedderPolicyTest,
  frameOptionsTest,
  hstsTest,
  openerPolicyTest,
  redirectionTest,
  referrerTest,
  resourcePolicyTest,
} from './tests.ts';

/**
 * What the Observatory would say, in its own names. Two things it does are not done: its list of preloaded hosts is not
 * consulted (`hsts-preloaded`, `redirection-all-redirects-preloaded`), and for an http:// target port 443 is not tried.
 */
export interface ObservatoryScore {
  algorithm: number;
  score: number;
  grade: string;
  tests: Record<string, { result: ObservatoryResult; modifier: number; pass: boolean }>;
}

/** Scores the facts by algorithm 6; `null` where it would give no grade. */
export function observatoryScore(http: HttpFacts): ObservatoryScore | null {
  const requests = requestsOf(http);
  if (!requests) return null;
  const hsts = hstsTest(requests);
  const csp = cspTest(requests);
  const results: [string, ObservatoryResult][] = [
    ['content-security-policy', csp.result],
    ['cookies', cookiesTest(requests, OBSERVATORY_RESULTS[hsts][1])],
    ['cross-origin-embedder-policy', embedderPolicyTest(requests)],
    ['cross-origin-opener-policy', openerPolicyTest(requests)],
    ['cross-origin-resource-sharing', corsTest(requests)],
    ['redirection', redirectionTest(requests)],
    ['referrer-policy', referrerTest(requests)],
    ['strict-transport-security', hsts],
    ['subresource-integrity', integrityTest(requests)],
    ['x-content-type-options', contentTypeOptionsTest(requests)],
    ['x-frame-options', frameOptionsTest(requests, csp.framed)],
    ['cross-origin-resource-policy', resourcePolicyTest(requests)],
  ];
  const tests: ObservatoryScore['tests'] = {};
  let base = 100;
  let full = 100;
  for (const [name, result] of results) {
    const [modifier, pass] = OBSERVATORY_RESULTS[result];
    tests[name] = { result, modifier, pass };
    full += modifier;
    if (modifier < 0) base += modifier;
  }
  const score = Math.max(base >= OBSERVATORY_BONUS_FROM ? full : base, 0);
  const grade = OBSERVATORY_GRADES.find(([least]) => score >= least)?.[1] ?? 'F';
  return { algorithm: OBSERVATORY_ALGORITHM, score, grade, tests };
}
