import { z } from 'zod';

/** What systemd says of its units. */
export const hostServicesFacts = z.object({
  failed: z.array(z.object({ unit: z.string(), description: z.string() })),
  state: z.string().describe('systemctl is-system-running'),
});
export type HostServicesFacts = z.infer<typeof hostServicesFacts>;
