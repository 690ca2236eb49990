import { z } from 'zod';

/** State of an account's password: `none` = logs in with an empty one. The hash itself never leaves the host. */
export const PASSWORD_STATES = ['set', 'locked', 'none'] as const;

/** Accounts of /etc/passwd. */
export const hostUsersFacts = z.object({
  accounts: z.array(
    z.object({
      name: z.string(),
      uid: z.number().int(),
      gid: z.number().int(),
      home: z.string(),
      shell: z.string(),
      /** `null` where only root could have told. */
      password: z.enum(PASSWORD_STATES).nullable(),
      /** Scheme of the hash (`y`, `6`, `1`, `des`), `null` where there is none or only root could have told. */
      scheme: z.string().nullable(),
    }),
  ),
  /** Why password states are missing; `null` where they are there. */
  passwordsHidden: z.string().nullable(),
  /** `ENCRYPT_METHOD` of login.defs, or what pam_unix is told; `null` where neither says. */
  hashing: z.string().nullable(),
});
export type HostUsersFacts = z.infer<typeof hostUsersFacts>;
