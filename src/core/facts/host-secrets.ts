import { z } from 'zod';

/** Names of settings that hold a credential in plain text, and the keyed hashes of those that a machine made. Never values. */
const held = {
  names: z.array(z.string()),
  /** The same hashes that leaks have everywhere. */
  leaks: z.array(z.string()),
};

/** Where a host keeps credentials. All of it is judged on the host; nothing but names, counts and keyed hashes leaves it. */
export const hostSecretsFacts = z.object({
  /** Files that every account of the host can read, through directories that every account can enter. */
  readable: z.array(
    z.object({
      path: z.string(),
      /** `settings`: an environment file or the like that names credentials. `store`: a key store, encrypted by its nature. */
      kind: z.enum(['private-key', 'encrypted-key', 'store', 'settings', 'credentials']),
      mode: z.number().int(),
      owner: z.string(),
      ...held,
    }),
  ),
  /** Unit files, defaults of services, and compose files with credentials in them. */
  units: z.array(z.object({ path: z.string(), ...held })),
  /** Running programs whose environment holds credentials. */
  processes: z.array(z.object({ command: z.string(), user: z.string(), ...held })),
  containers: z.array(z.object({ name: z.string(), ...held })),
  /** Shell histories, with the number of lines that hold a credential. */
  histories: z.array(z.object({ path: z.string(), count: z.number().int() })),
  /** What hands out secrets at run time, as seen: `vault`, `systemd-credentials`, `run-secrets` ... */
  managers: z.array(z.string()),
  /** What hands out short-lived ones. */
  dynamic: z.array(z.string()),
  /** Whether everything could be read; without root the environments of other accounts' programs cannot. */
  complete: z.boolean(),
});
export type HostSecretsFacts = z.infer<typeof hostSecretsFacts>;
