import { judgeBackups } from '../../src/analysis/backup-age.ts';
import { type BackupReason, backupDetails } from '../../src/analysis/backup-details.ts';
import { defineCheck } from '../../src/core/check.ts';
import { formatDuration } from '../../src/core/duration.ts';
import { exampleBackupFile, exampleBackups } from '../../src/core/facts/examples-backup.ts';
import { fail, notApplicable, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'backup.freshness',
  title: 'The newest usable backup is young enough',
  category: 'backup',
  severity: 'critical',
  since: '0.1.0',
  rationale:
    'Everything since the newest usable backup is lost when the data is; a job that stopped is noticed by nobody.',
  remediation:
    'Run the backup job by hand, read its output, and watch it with a heartbeat (ping /ping/{id} at its end).',
  references: ['https://csrc.nist.gov/pubs/sp/800/209/final', 'NIST SP 800-53 CP-9'],
  on: ['backup'],
  needs: ['backup'],
  evaluate({ backup }, { target }) {
    if (target.kind !== 'backup') return notApplicable('this target is no backup');
    const { maxAgeMs, minBytes } = target.expect;
    const judged = judgeBackups(backup, minBytes);
    const newest = judged.find((one) => one.flaw === null);
    const wanted = `younger than ${formatDuration(maxAgeMs)}`;
    if (newest && newest.ageMs <= maxAgeMs) {
      const seen = formatDuration(newest.ageMs);
      return pass(`the newest usable backup is ${seen} old`, { seen, wanted, details: backupDetails('files', newest) });
    }
    const [first] = judged;
    const flawed = judged.find((one) => one.flaw !== null && (!newest || one.takenAt > newest.takenAt));
    const reason: BackupReason = !first
      ? 'none-found'
      : !flawed
        ? 'stale'
        : flawed.flaw === 'future-dated'
          ? 'future-dated'
          : 'too-small';
    const shown = newest ?? flawed;
    const usable = newest ? `the newest usable one is ${formatDuration(newest.ageMs)} old` : 'there is no usable one';
    const why = {
      stale: '',
      'none-found': '',
      'future-dated': '; a newer one bears a date in the future',
      'too-small': '; a newer one is empty or too small',
    };
    return fail('', `${usable}${why[reason]} (${backup.place})`, {
      ...(newest ? { seen: formatDuration(newest.ageMs) } : {}),
      wanted,
      details: backupDetails('files', shown, reason),
    });
  },
  examples: [
    { name: 'a backup of last night', facts: { backup: exampleBackups(exampleBackupFile(20)) }, status: 'pass' },
    { name: 'two days old', facts: { backup: exampleBackups(exampleBackupFile(48)) }, status: 'fail' },
    { name: 'none at all', facts: { backup: exampleBackups() }, status: 'fail' },
    {
      name: 'the newest is an empty gzip, the one before is too old',
      facts: { backup: exampleBackups(exampleBackupFile(2, { bytes: 20 }), exampleBackupFile(50)) },
      status: 'fail',
    },
    {
      name: 'an unusable newest one does not hide a good one',
      facts: { backup: exampleBackups(exampleBackupFile(2, { bytes: 0 }), exampleBackupFile(20)) },
      status: 'pass',
    },
    { name: 'from the future', facts: { backup: exampleBackups(exampleBackupFile(-48)) }, status: 'fail' },
    {
      name: 'an old dump that was copied lately',
      facts: { backup: exampleBackups(exampleBackupFile(1, { name: '/backup/shop-2026-10-01.sql.gz' })) },
      status: 'fail',
    },
    {
      name: 'a date in the name of another time zone is not taken for the future',
      facts: { backup: exampleBackups(exampleBackupFile(1, { name: '/backup/shop-20261101T0830.sql.gz' })) },
      status: 'pass',
    },
  ],
});
