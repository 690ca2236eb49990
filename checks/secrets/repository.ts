import { leakOutcome, unlooked } from '../../src/analysis/leak-outcomes.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleLeak, exampleLeaks } from '../../src/core/facts/examples-leaks.ts';
import type { LeaksFacts } from '../../src/core/facts/leaks.ts';
import { type Outcome, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

const leak = exampleLeak();
const accepted = { fingerprint: leak.fingerprint, owner: 'ana', reason: 'revoked on the day it leaked' };

export default defineCheck({
  id: 'secrets.repository',
  title: 'No secret lies in the source tree',
  category: 'secrets',
  severity: 'critical',
  since: '0.1.0',
  rationale:
    'Whoever can read the repository, now or ever, can use what is in it: every clone, every fork, every build machine and every backup has a copy.',
  remediation:
    'Revoke the secret and make a new one first; then take it out of the file and read it from the environment or a secret store. An accepted one goes into .seaworthyignore: FINGERPRINT owner=NAME until=YYYY-MM-DD reason.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html',
    'https://cwe.mitre.org/data/definitions/798.html',
  ],
  needs: ['leaks'],
  evaluate({ leaks }, { now }) {
    const found = leaks.leaks.map((one) => leakOutcome(one, leaks, now)).filter((outcome) => outcome !== null);
    const ignored = leaks.leaks.length - found.length;
    const excluded = leaks.excluded.length > 0 ? `; left out: ${leaks.excluded.slice(0, 5).join(', ')}` : '';
    return outcomesOr(
      [...found, ...unlooked(leaks), ...importedRules(leaks)],
      pass(
        `no secret in ${leaks.scanned.files} files${ignored > 0 ? ` but ${ignored} accepted with a reason` : ''}${excluded}`,
        { details: { ...leaks.scanned, accepted: ignored, excluded: leaks.excluded.length } },
      ),
    );
  },
  examples: [
    { name: 'nothing found', facts: { leaks: exampleLeaks() }, status: 'pass' },
    {
      name: 'a token in the source',
      facts: { leaks: exampleLeaks({ leaks: [leak] }) },
      status: 'fail',
      subjects: ['src/config.ts:3'],
      severity: 'critical',
    },
    {
      name: 'rules of another tool that cannot be read',
      facts: { leaks: exampleLeaks({ imported: { rules: 0, notes: [], error: 'it is no TOML' } }) },
      status: 'unknown',
      subjects: ['.gitleaks.toml'],
    },
    {
      name: 'a token in a test only',
      facts: { leaks: exampleLeaks({ leaks: [exampleLeak({ places: [{ file: 'test/fixtures/a.json', line: 1 }] })] }) },
      status: 'fail',
      severity: 'medium',
    },
    {
      name: 'something that stands in the place of a token',
      facts: { leaks: exampleLeaks({ leaks: [exampleLeak({ doubtful: true })] }) },
      status: 'fail',
      severity: 'low',
    },
    {
      name: 'a leak that a comment beside it explains',
      facts: {
        leaks: exampleLeaks({
          leaks: [exampleLeak({ places: [{ file: 'a.ts', line: 1, ignored: 'made up for the manual' }] })],
        }),
      },
      status: 'pass',
    },
    {
      name: 'a leak that somebody accepted',
      facts: { leaks: exampleLeaks({ leaks: [leak], accepted: [{ ...accepted, until: '2026-11-01' }] }) },
      status: 'pass',
    },
    {
      name: 'a leak that somebody accepted until yesterday',
      facts: { leaks: exampleLeaks({ leaks: [leak], accepted: [{ ...accepted, until: '2026-10-31' }] }) },
      status: 'fail',
    },
    {
      name: 'a file that was not read to its end',
      facts: {
        leaks: exampleLeaks({ unscanned: [{ file: 'big.sql', reason: 'larger than 50 MB' }], unscannedCount: 1 }),
      },
      status: 'unknown',
      subjects: ['big.sql'],
    },
    {
      name: 'an exception without an owner',
      facts: { leaks: exampleLeaks({ ignoreProblems: [{ line: 2, problem: 'names no owner (owner=NAME)' }] }) },
      status: 'unknown',
    },
  ],
});

/** What the user's own rules of another tool came to; rules that nobody could read are a gap. */
function importedRules({ imported, leaks, unscannedCount }: LeaksFacts): Outcome[] {
  if (!imported) return [];
  const subject = '.gitleaks.toml';
  if (imported.error !== undefined) return [unknown(subject, `its rules do not count: ${imported.error}`)];
  const { rules, notes } = imported;
  const left = notes.length === 0 ? 'all of it' : `${notes.length} things are not, such as: ${notes[0]}`;
  const what = `${rules} of its rules are carried over; ${left}`;
  // Alone it would hide what the check says of the files.
  return leaks.length === 0 && unscannedCount === 0
    ? [pass('no secret by our rules or by those of .gitleaks.toml'), pass(what, { subject, details: { notes } })]
    : [pass(what, { subject, details: { notes } })];
}
