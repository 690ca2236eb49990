import { z } from 'zod';

/** One file that may be a backup. Instants are epoch ms. */
export const backupCandidate = z.object({
  name: z.string(),
  modifiedAt: z.number(),
  bytes: z.number().int(),
  /** First bytes in hexadecimal; `null` where they were not or could not be read (only of the newest few). */
  head: z.string().nullable(),
});
export type BackupCandidate = z.infer<typeof backupCandidate>;

/** What lies where the backups should be. */
export const backupFacts = z.object({
  source: z.literal('files'),
  /** The pattern that was looked for. */
  place: z.string(),
  /** The clock of the machine on which they lie: ages are counted by it. */
  clock: z.number(),
  /** Newest first by time of modification. */
  candidates: z.array(backupCandidate),
  /** How many there are; more than are listed where the list was cut. */
  total: z.number().int(),
});
export type BackupFacts = z.infer<typeof backupFacts>;
