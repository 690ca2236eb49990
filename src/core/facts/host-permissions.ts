import { z } from 'zod';

/** Modes and owners of files that matter, by what they are for. Contents are never read. */
export const hostPermissionsFacts = z.object({
  files: z.array(
    z.object({
      purpose: z.enum(['cron', 'tls-key', 'account']),
      path: z.string(),
      /** Permission bits, such as 0o600. */
      mode: z.number().int(),
      owner: z.string(),
      group: z.string(),
    }),
  ),
  /** Whether directories that only root may enter were searched. */
  complete: z.boolean(),
});
export type HostPermissionsFacts = z.infer<typeof hostPermissionsFacts>;
