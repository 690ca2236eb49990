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
import { type NoGrade, requestsOf } from './requests.ts';
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
 * What the Observatory would say, in its own names. `preloadList` says whether the list of preloaded hosts was there to
 * ask (`hsts-preloaded`, `redirection-all-redirects-preloaded`): it is as large as a small program and is not shipped.
 */
export interface ObservatoryScore {
  algorithm: number;
  score: number;
  grade: string;
  preloadList: 'consulted' | 'not given' | 'unreadable';
  tests: Record<string, { result: ObservatoryResult; modifier: number; pass: boolean }>;
}

/** Scores the facts by algorithm 6, or says why there is no grade. `now` is epoch ms: cookies expire. */
export function observatoryScore(http: HttpFacts, now: number): ObservatoryScore | NoGrade {
  const requests = requestsOf(http);
  if ('reason' in requests) return requests;
  const hsts = hstsTest(requests);
  const csp = cspTest(requests);
  const results: [string, ObservatoryResult][] = [
    ['content-security-policy', csp.result],
    ['cookies', cookiesTest(requests, OBSERVATORY_RESULTS[hsts][1], now)],
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
  const preloadList = http.preload === null ? 'not given' : http.preload.error === null ? 'consulted' : 'unreadable';
  return { algorithm: OBSERVATORY_ALGORITHM, score, grade, preloadList, tests };
}
