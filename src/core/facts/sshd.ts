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
  hostKeys: z.array(z.object({ type: z.string(), bits: z.number().int().nullable(), fingerprint: z.string() })),
});
export type SshdFacts = z.infer<typeof sshdFacts>;
