import { z } from 'zod';

/** Keyword (lower case) to its values, in the order in which `sshd -T` prints them. */
const settings = z.record(z.string(), z.array(z.string()));

/** The configuration of a host's SSH server as sshd itself understands it, drop-ins and first-match-wins included. */
export const hostSshdFacts = z.object({
  /** `OpenSSH_9.2p1 Debian-2+deb12u10`; `null` where it does not say. */
  version: z.string().nullable(),
  /** `sshd -T`: what holds where no Match block applies. */
  effective: settings,
  /** Every Match block found, in file order. */
  matches: z.array(
    z.object({
      /** `User deploy Address 10.0.0.0/8`. */
      criteria: z.string(),
      file: z.string(),
      line: z.number().int(),
      /** The connection it was tried with: `user=deploy,host=...,addr=...`. */
      triedAs: z.string(),
      /** What `sshd -T -C` says differently for that connection; `null` where sshd could not be asked. */
      differs: settings.nullable(),
      /** Keywords (lower case) that the block itself sets, also where it repeats what holds in general. */
      sets: z.array(z.string()).optional(),
    }),
  ),
  /** The main file and what it includes. `modifiedAt` is epoch ms. */
  files: z.array(z.object({ path: z.string(), modifiedAt: z.number(), mode: z.string(), owner: z.string() })),
  /** Epoch ms when the running daemon last read its configuration; `null` where none runs or it cannot be told. */
  loadedAt: z.number().nullable(),
  /** The account that looked, with its groups and where it came from as the host sees it; absent where that is not told. */
  account: z
    .object({ user: z.string(), groups: z.array(z.string()).nullable(), address: z.string().nullable() })
    .optional(),
  /** The groups that sshd may give by /etc/ssh/moduli, sizes in bits; `null` where the file is not there. */
  moduli: z.object({ smallest: z.number().int(), count: z.number().int() }).nullable().optional(),
});
export type HostSshdFacts = z.infer<typeof hostSshdFacts>;
