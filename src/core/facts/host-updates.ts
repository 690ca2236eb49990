import { z } from 'zod';

/** Package updates that are waiting, as the package manager's own simulation says. Nothing is refreshed or installed. */
export const hostUpdatesFacts = z.object({
  manager: z.enum(['apt', 'dnf', 'apk']),
  pending: z.array(
    z.object({
      name: z.string(),
      installed: z.string().nullable(),
      available: z.string(),
      /** From a security archive or advisory; `null` where the manager does not say. */
      security: z.boolean().nullable(),
    }),
  ),
  /** Epoch ms when the package lists were last refreshed; `null` = could not be told. */
  listsAt: z.number().nullable(),
});
export type HostUpdatesFacts = z.infer<typeof hostUpdatesFacts>;
