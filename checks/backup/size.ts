import { judgeBackups } from '../../src/analysis/backup-age.ts';
import { backupDetails } from '../../src/analysis/backup-details.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleBackupFile, exampleBackups } from '../../src/core/facts/examples-backup.ts';
import { fail, notApplicable, pass } from '../../src/core/outcome.ts';
import { formatSize } from '../../src/core/size.ts';

export default defineCheck({
  id: 'backup.size',
  title: 'The newest backup is not empty and not too small',
  category: 'backup',
  severity: 'critical',
  since: '0.1.0',
  rationale: 'A dump that fails in a pipe leaves a valid gzip of 20 bytes and exit code 0; it restores nothing.',
  remediation: 'Use `set -o pipefail` in the job, and set expect.minSize a little below the usual size.',
  references: ['https://www.gnu.org/software/bash/manual/html_node/Pipelines.html'],
  on: ['backup'],
  needs: ['backup'],
  evaluate({ backup }, { target }) {
    if (target.kind !== 'backup') return notApplicable('this target is no backup');
    const { minBytes } = target.expect;
    // What bears a date in the future says nothing about the newest; backup.freshness reports it.
    const newest = judgeBackups(backup, minBytes).find((one) => one.flaw !== 'future-dated');
    if (!newest) return notApplicable('there is no backup to weigh');
    const seen = formatSize(newest.file.bytes);
    const wanted = `at least ${formatSize(Math.max(minBytes, 1))}`;
    if (newest.flaw === null)
      return pass(`${newest.file.name} has ${seen}`, { seen, wanted, details: backupDetails('files', newest) });
    const what = newest.flaw === 'empty' ? 'holds nothing' : 'is too small';
    return fail('', `${newest.file.name} ${what}: ${seen}`, {
      seen,
      wanted,
      details: backupDetails('files', newest, 'too-small'),
    });
  },
  examples: [
    { name: 'five MiB', facts: { backup: exampleBackups(exampleBackupFile(2)) }, status: 'pass' },
    {
      name: 'no byte',
      facts: { backup: exampleBackups(exampleBackupFile(2, { bytes: 0, head: null })) },
      status: 'fail',
    },
    {
      name: 'a gzip of nothing',
      facts: { backup: exampleBackups(exampleBackupFile(2, { bytes: 20 })) },
      status: 'fail',
    },
    {
      name: 'below the floor',
      facts: { backup: exampleBackups(exampleBackupFile(2, { bytes: 900_000 })) },
      status: 'fail',
    },
    { name: 'none at all', facts: { backup: exampleBackups() }, status: 'not-applicable' },
  ],
});
