import { z } from 'zod';

/** The SSH keys with which privileged accounts (uid 0, members of sudo, wheel or admin) let somebody in. No key leaves the host. */
export const hostAuthorizedKeysFacts = z.object({
  accounts: z.array(
    z.object({
      user: z.string(),
      uid: z.number().int(),
      /** Whether every file of this account could be read. */
      readable: z.boolean(),
      keys: z.array(
        z.object({
          /** `RSA`, `ED25519`, `ECDSA`, `DSA` as ssh-keygen says; `?` where it did not understand the line. */
          type: z.string(),
          bits: z.number().int().nullable(),
          fingerprint: z.string().nullable(),
          /** Names of the options before the key, without their values: `from`, `command`, `restrict`, `cert-authority` ... */
          options: z.array(z.string()),
          /** Start of the SHA-256 of the comment; `null` where there is none. */
          comment: z.string().nullable(),
        }),
      ),
    }),
  ),
  /** The value of AuthorizedKeysFile where it is not the default: files there were not read. */
  elsewhere: z.string().nullable(),
});
export type HostAuthorizedKeysFacts = z.infer<typeof hostAuthorizedKeysFacts>;
