import { z } from 'zod';

/** Worst first, as the table counts them. */
export const EXPOSURE_KINDS = ['exposed', 'bypasses', 'missing', 'unknown', 'intended', 'blocked', 'local'] as const;
export type ExposureTableKind = (typeof EXPOSURE_KINDS)[number];

const familySchema = z.object({
  kind: z.enum(EXPOSURE_KINDS),
  /** The rule that decides for strangers; `null` where the rules could not be read. */
  rule: z.object({ verdict: z.string(), by: z.string(), limited: z.boolean() }).nullable(),
  /** What a connect from the auditor met. */
  scan: z.enum(['open', 'closed', 'filtered', 'not scanned']),
  /** Whether the auditor got through; `null` where nobody asked. */
  reachable: z.boolean().nullable(),
});

/** One port of a host: what listens, what the rules say, what is reachable and what was declared, IPv4 and IPv6 side by side. */
export const exposureRowSchema = z.object({
  protocol: z.enum(['tcp', 'udp']),
  port: z.number().int(),
  /** The worse of the two families. */
  kind: z.enum(EXPOSURE_KINDS),
  /** `null`: nobody listens, or it could not be seen. */
  process: z.string().nullable(),
  /** Its executable, and the package that the file came with; `null` where no package owns it or nobody could look. */
  program: z.string().nullable(),
  package: z.string().nullable(),
  bind: z.array(z.string()),
  declared: z.boolean(),
  /** `dnat`: somebody else answers, past the rules for this host. */
  via: z.enum(['direct', 'dnat']),
  /** `null`: nothing on this family. */
  v4: familySchema.nullable(),
  v6: familySchema.nullable(),
});
export type ExposureRow = z.infer<typeof exposureRowSchema>;
export type ExposureFamily = z.infer<typeof familySchema>;
