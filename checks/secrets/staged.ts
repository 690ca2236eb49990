import { leakOutcome, unlooked } from '../../src/analysis/leak-outcomes.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleLeak, exampleStaged } from '../../src/core/facts/examples-leaks.ts';
import { outcomesOr, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'secrets.staged',
  title: 'No secret is about to be committed',
  category: 'secrets',
  severity: 'critical',
  since: '0.1.0',
  rationale:
    'Before the commit a secret can simply be taken out again; after it, it is in every clone and must be revoked and replaced.',
  remediation:
    'Take it out of the file and stage the file again; read it from the environment or a secret store instead. Made-up ones get a comment: seaworthy:ignore RULE REASON.',
  references: [
    'https://git-scm.com/docs/githooks#_pre_commit',
    'https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html',
  ],
  needs: ['leaks.staged'],
  evaluate({ 'leaks.staged': staged }, { now }) {
    const found = staged.leaks.map((one) => leakOutcome(one, staged, now)).filter((outcome) => outcome !== null);
    const accepted = staged.leaks.length - found.length;
    const nothing =
      staged.staged === 0
        ? 'nothing is staged'
        : `no secret in what is added to ${staged.staged} staged file${staged.staged === 1 ? '' : 's'}${accepted > 0 ? ` but ${accepted} accepted with a reason` : ''}`;
    const good = pass(nothing, { details: { ...staged.scanned, accepted } });
    // A file that was not read beside others that were: the commit was looked at, if not all of it.
    const seen = found.length === 0 && staged.scanned.files > 0 ? [good] : [];
    return outcomesOr([...found, ...seen, ...unlooked(staged)], good);
  },
  examples: [
    { name: 'nothing found', facts: { 'leaks.staged': exampleStaged() }, status: 'pass' },
    {
      name: 'a token in a line that is staged',
      facts: { 'leaks.staged': exampleStaged({ leaks: [exampleLeak()] }) },
      status: 'fail',
      subjects: ['src/config.ts:3'],
      severity: 'critical',
    },
    { name: 'nothing staged', facts: { 'leaks.staged': exampleStaged({ staged: 0 }) }, status: 'pass' },
    {
      name: 'a file that was not read',
      facts: {
        'leaks.staged': exampleStaged({ unscanned: [{ file: 'a.bin', reason: 'too large' }], unscannedCount: 1 }),
      },
      status: 'unknown',
      subjects: ['a.bin'],
    },
  ],
});
