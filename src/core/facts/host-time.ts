import { z } from 'zod';

/** The host's clock. */
export const hostTimeFacts = z.object({
  /** Epoch ms by the host itself at the moment of looking, to the second. */
  hostClock: z.number(),
  /** Whether the kernel or the daemon calls the clock synchronised. */
  synchronized: z.boolean().nullable(),
  /** What keeps the time: chronyd, systemd-timesyncd, ntpd ...; empty where nothing was seen. */
  daemons: z.array(z.string()),
  /** Offset from its sources as the daemon sees it, ms. */
  offsetMs: z.number().nullable(),
  timeZone: z.string().nullable(),
});
export type HostTimeFacts = z.infer<typeof hostTimeFacts>;
