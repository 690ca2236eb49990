import { z } from 'zod';

/** What a search through all local file systems found. It takes a host seconds to minutes, so it is collected once a day. */
export const hostScanFacts = z.object({
  /** Mount points that were searched; network, memory and container file systems are not. */
  searched: z.array(z.string()),
  /** Files that run with the rights of their owner (SUID) or group (SGID). */
  privileged: z.array(
    z.object({
      path: z.string(),
      /** Permission bits, such as 0o4755. */
      mode: z.number().int(),
      owner: z.string(),
      group: z.string(),
      /** Package that brought the file; `null` where none did or nobody could tell. */
      package: z.string().nullable(),
    }),
  ),
  /** Whether a package manager was there to be asked for owners. */
  packagesKnown: z.boolean(),
  /** Files that everybody may write, and directories where everybody may also remove what others wrote (no sticky bit). */
  worldWritable: z.array(
    z.object({
      path: z.string(),
      mode: z.number().int(),
      owner: z.string(),
      group: z.string(),
      directory: z.boolean(),
    }),
  ),
  /** `null` where everything was seen, else why not. */
  incomplete: z.string().nullable(),
});
export type HostScanFacts = z.infer<typeof hostScanFacts>;
