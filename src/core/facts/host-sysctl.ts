import { z } from 'zod';

/** Kernel settings by their dotted name, of a fixed list of keys; a key that the kernel does not have is missing. */
export const hostSysctlFacts = z.object({ values: z.record(z.string(), z.string()) });
export type HostSysctlFacts = z.infer<typeof hostSysctlFacts>;
