import { z } from 'zod';

export const ipFamily = z.union([z.literal(4), z.literal(6)]);
export type IpFamily = z.infer<typeof ipFamily>;

/** Sockets that wait for somebody, as the host itself sees them. */
export const hostListenFacts = z.object({
  sockets: z.array(
    z.object({
      protocol: z.enum(['tcp', 'udp']),
      /** `0.0.0.0`, `::` or a concrete address, without zone. */
      address: z.string(),
      port: z.number().int(),
      /** Families it answers on: a `::` socket usually takes IPv4 as well. */
      families: z.array(ipFamily),
      /** Interface it is bound to, where it is. */
      device: z.string().nullable(),
      /** Names of the processes; empty where they could not be seen. */
      processes: z.array(z.string()),
      /** The program behind it and the package that it came with; not there where nobody could look. */
      program: z
        .object({
          path: z.string(),
          /** `null` = no package of the host owns the file that runs, or its package manager is not known. */
          package: z.string().nullable(),
        })
        .optional(),
    }),
  ),
  /** Whether processes of other users could be seen (as root). */
  processesVisible: z.boolean(),
});
export type HostListenFacts = z.infer<typeof hostListenFacts>;
