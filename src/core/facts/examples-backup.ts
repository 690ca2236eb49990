import type { BackupCandidate, BackupFacts } from './backup.ts';

const NOW = Date.parse('2026-11-01T00:00:00Z');

/** A file of 5 MiB that is `ageHours` old at the time of the examples. */
export function exampleBackupFile(ageHours: number, more: Partial<BackupCandidate> = {}): BackupCandidate {
  return {
    name: '/backup/shop.sql.gz',
    modifiedAt: NOW - ageHours * 3_600_000,
    bytes: 5_242_880,
    head: '1f8b0800',
    ...more,
  };
}

export function exampleBackups(...candidates: BackupCandidate[]): BackupFacts {
  return { source: 'files', place: '/backup/*.sql.gz', clock: NOW, candidates, total: candidates.length };
}
