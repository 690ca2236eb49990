import { z } from 'zod';

/** Swap areas that are in use. */
export const hostSwapFacts = z.object({
  areas: z.array(
    z.object({
      path: z.string(),
      /** `memory` is zram: nothing of it reaches a disk. */
      kind: z.enum(['partition', 'file', 'memory']),
      /** Whether dm-crypt lies below it; `null` = could not be told. */
      encrypted: z.boolean().nullable(),
    }),
  ),
});
export type HostSwapFacts = z.infer<typeof hostSwapFacts>;
