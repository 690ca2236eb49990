import type { HttpFacts } from '../core/facts/http.ts';
import { fail, type Outcomes, pass } from '../core/outcome.ts';
import { limitOf } from './csp.ts';
import { onDocument } from './headers.ts';
import { pagePolicies, policyText } from './page-policy.ts';

/** The verdict on one directive that must be there and must not be broad. `without` says what happens without it. */
export function judgeDirective(http: HttpFacts, directive: string, wanted: string, without: string): Outcomes {
  return onDocument(http, () => {
    const policies = pagePolicies(http);
    const limit = limitOf(policies, directive);
    const seen = policyText(policies);
    if (limit.open) return fail('', `${directive} is not limited: ${without}`, { wanted, ...(seen ? { seen } : {}) });
    if (limit.broad.length > 0)
      return fail('', `${directive} allows ${limit.broad.join(' ')}: ${without}`, { seen, wanted });
    return pass(`${directive} is limited to ${limit.sources.join(' ') || "'none'"}`, { seen });
  });
}
