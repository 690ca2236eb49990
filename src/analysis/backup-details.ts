import type { JudgedBackup } from './backup-age.ts';

export type BackupReason = 'stale' | 'none-found' | 'future-dated' | 'too-small';

/** The `details` of every backup check; public (docs/report.md). */
export function backupDetails(source: string, newest: JudgedBackup | undefined, reason?: BackupReason) {
  return {
    source,
    newest: newest ? new Date(newest.takenAt).toISOString() : null,
    ageSeconds: newest ? Math.round(newest.ageMs / 1_000) : null,
    bytes: newest?.file.bytes ?? null,
    ...(reason === undefined ? {} : { reason }),
  };
}
