import { z } from 'zod';

/** How a server's host key compares with what is expected of it. */
export const hostKeyVerdict = z.object({
  type: z.string(),
  bits: z.number().int().nullable(),
  /** `SHA256:...` as OpenSSH prints it. */
  fingerprint: z.string(),
  /**
   * `match`: it is the expected key. `changed`: another key of this type is expected, or it is marked revoked.
   * `unknown`: nothing is known of this host, or no key of this type.
   */
  status: z.enum(['match', 'changed', 'revoked', 'unknown']),
  /** Fingerprints of the keys that would have been accepted. */
  expected: z.array(z.string()),
  /** Where the expectation comes from: a known_hosts line, or the pinned fingerprint. */
  source: z.string().nullable(),
});
export type HostKeyVerdict = z.infer<typeof hostKeyVerdict>;

/** A log-in over SSH, as far as it came. A changed or unknown key ends it before anything secret is sent. */
export const loginFacts = z.object({
  user: z.string(),
  address: z.string(),
  hostKey: hostKeyVerdict,
  /** Why it ended before a shell, or `null` where it succeeded. */
  refused: z.string().nullable(),
  /** What both sides agreed on; empty where they did not. */
  agreed: z.object({ kex: z.string(), cipher: z.string(), mac: z.string() }).nullable(),
});
export type LoginFacts = z.infer<typeof loginFacts>;
