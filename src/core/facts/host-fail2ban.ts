import { z } from 'zod';

/** fail2ban as its own client tells it. */
export const hostFail2banFacts = z.object({
  installed: z.boolean(),
  /** `null` where only root could have told. */
  running: z.boolean().nullable(),
  jails: z.array(
    z.object({
      name: z.string(),
      /** Log files that it reads; empty where it reads the journal. */
      files: z.array(z.string()),
      journal: z.boolean(),
      actions: z.array(z.string()),
      banned: z.number().int(),
      failed: z.number().int(),
    }),
  ),
});
export type HostFail2banFacts = z.infer<typeof hostFail2banFacts>;
