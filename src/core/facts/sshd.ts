import { z } from 'zod';

/** An SSH server as the wire shows it, from its banner and KEXINIT or from a log-in's own handshake. */
export const sshdFacts = z.object({
  banner: z.string(),
  kex: z.array(z.string()),
  hostKeyAlgorithms: z.array(z.string()),
  ciphers: z.array(z.string()),
  macs: z.array(z.string()),
  compression: z.array(z.string()),
  authMethods: z.array(z.string()),
  /** Why the ways of logging in are not known, where they were asked for in vain. */
  authMethodsHidden: z.string().optional(),
  hostKeys: z.array(
    z.object({
      type: z.string(),
      bits: z.number().int().nullable(),
      fingerprint: z.string(),
      /** Whether the server signed with it before our eyes; `null` where that could not be checked. */
      proven: z.boolean().nullable().optional(),
      /** For a certificate: the key that signed it. */
      authority: z.object({ type: z.string(), bits: z.number().int().nullable(), fingerprint: z.string() }).optional(),
    }),
  ),
  /** Diffie-Hellman groups that were asked for by size in bits (RFC 4419), and how large the given one was; `null` = refused. */
  groups: z
    .array(
      z.object({
        algorithm: z.string(),
        min: z.number().int(),
        preferred: z.number().int(),
        max: z.number().int(),
        bits: z.number().int().nullable(),
      }),
    )
    .optional(),
});
export type SshdFacts = z.infer<typeof sshdFacts>;
