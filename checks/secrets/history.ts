import { leakOutcome, unlooked } from '../../src/analysis/leak-outcomes.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleLeak, exampleLeakHistory } from '../../src/core/facts/examples-leaks.ts';
import { type Outcome, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';
const inHistory = (more: { atTip?: boolean; reachable?: boolean } = {}) => ({
  ...exampleLeak({ places: [{ file: '.env', line: 2, commit, at: 1_760_000_000_000 }] }),
  atTip: false,
  reachable: true,
  ...more,
});

export default defineCheck({
  id: 'secrets.history',
  title: 'No secret lies in the history',
  category: 'secrets',
  severity: 'critical',
  since: '0.1.0',
  rationale:
    'A secret that was committed and deleted is still in every clone; people who look for leaks read the history first.',
  remediation:
    'Revoke the secret: that alone makes the leak harmless. Rewriting the history (git filter-repo --replace-text) helps only where every clone and fork is known.',
  references: [
    'https://docs.github.com/authentication/keeping-your-account-and-data-secure/removing-sensitive-data-from-a-repository',
    'https://cwe.mitre.org/data/definitions/540.html',
  ],
  needs: ['leaks.history'],
  evaluate({ 'leaks.history': history }, { now }) {
    const found: Outcome[] = [];
    for (const leak of history.leaks) {
      const outcome = leakOutcome(leak, history, now, {
        stepsDown: leak.atTip ? 0 : 1,
        note: leak.atTip
          ? 'still at the tip of a branch'
          : leak.reachable
            ? 'no longer at the tip of any branch'
            : 'in an object that no branch reaches any more',
        details: { atTip: leak.atTip, authored: authored(leak.places[0]?.at) },
      });
      if (outcome) found.push(outcome);
    }
    const accepted = history.leaks.length - found.length;
    const outcomes = [...found, ...unlooked(history)];
    if (history.shallow) {
      outcomes.push(
        unknown('shallow clone', 'the history was cut off when it was cloned; `git fetch --unshallow` brings the rest'),
      );
    }
    const but = accepted > 0 ? ` but ${accepted} accepted with a reason` : '';
    return outcomesOr(
      outcomes,
      pass(`no secret in ${history.scanned.files} objects of ${history.commits} commits${but}`, {
        details: { ...history.scanned, commits: history.commits, accepted },
      }),
    );
  },
  examples: [
    { name: 'nothing found', facts: { 'leaks.history': exampleLeakHistory() }, status: 'pass' },
    {
      name: 'a secret that was deleted later',
      facts: { 'leaks.history': exampleLeakHistory({ leaks: [inHistory()] }) },
      status: 'fail',
      subjects: ['0123456789ab:.env:2'],
      severity: 'high',
    },
    {
      name: 'a secret that is still there',
      facts: { 'leaks.history': exampleLeakHistory({ leaks: [inHistory({ atTip: true })] }) },
      status: 'fail',
      severity: 'critical',
    },
    {
      name: 'a shallow clone',
      facts: { 'leaks.history': exampleLeakHistory({ shallow: true }) },
      status: 'unknown',
      subjects: ['shallow clone'],
    },
  ],
});

/** The author's date as text; git lets an author write any number there. */
function authored(at: number | undefined): string | null {
  return at !== undefined && Math.abs(at) < 8.64e15 ? new Date(at).toISOString() : null;
}
