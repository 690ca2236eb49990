import { z } from 'zod';

/** Lines of sudoers that grant something; comments, defaults and aliases are left on the host. */
export const hostSudoFacts = z.object({
  installed: z.boolean(),
  rules: z.array(z.object({ file: z.string(), text: z.string() })),
});
export type HostSudoFacts = z.infer<typeof hostSudoFacts>;
