import { z } from 'zod';

/** Whether security updates install themselves, and whether the host waits for a restart. */
export const hostMaintenanceFacts = z.object({
  automatic: z.object({
    tool: z.enum(['unattended-upgrades', 'dnf-automatic']).nullable(),
    /** Refreshes its lists, and installs, by itself. `null` = could not be told. */
    refreshes: z.boolean().nullable(),
    installs: z.boolean().nullable(),
    /** Epoch ms of the last run that installed or found nothing to install; `null` = never, or could not be told. */
    lastRunAt: z.number().nullable(),
  }),
  reboot: z.object({
    /** `null` where the system has no way to tell. */
    required: z.boolean().nullable(),
    packages: z.array(z.string()),
    runningKernel: z.string(),
    /** The newest kernel that is installed, by version; `null` where none is (containers). */
    newestKernel: z.string().nullable(),
  }),
});
export type HostMaintenanceFacts = z.infer<typeof hostMaintenanceFacts>;
