import { backupDetails } from '../../src/analysis/backup-details.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleBackupFile, exampleBackups } from '../../src/core/facts/examples-backup.ts';
import { fail, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'backup.never-ran',
  title: 'A backup that is declared exists',
  category: 'backup',
  severity: 'critical',
  since: '0.1.0',
  rationale: 'A job that was planned and never ran raises no error anywhere.',
  remediation: 'Compare the pattern with where the job writes, and run the job once by hand.',
  references: ['NIST SP 800-53 CP-9'],
  on: ['backup'],
  needs: ['backup'],
  evaluate({ backup }) {
    if (backup.total > 0)
      return pass(`${backup.total} ${backup.total === 1 ? 'file matches' : 'files match'} ${backup.place}`);
    return fail('', `nothing matches ${backup.place}`, { details: backupDetails('files', undefined, 'none-found') });
  },
  examples: [
    { name: 'one file', facts: { backup: exampleBackups(exampleBackupFile(2)) }, status: 'pass' },
    { name: 'no file', facts: { backup: exampleBackups() }, status: 'fail' },
  ],
});
