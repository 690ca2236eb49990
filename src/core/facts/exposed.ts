import { z } from 'zod';
import { httpFailure } from './http.ts';

/** A file that should not be reachable and is; proven by its content, which is kept redacted only. */
export const exposedFile = z.object({
  path: z.string(),
  url: z.string(),
  status: z.number().int(),
  /** Id of the rule in `knowledge/exposed-files`. */
  rule: z.string(),
  /** The line or bytes that prove it, redacted. */
  proof: z.string(),
  /** Secrets that the beginning of the file holds: what they are, and their keyed hashes. */
  leaks: z.array(z.object({ title: z.string(), fingerprint: z.string(), redacted: z.string() })).optional(),
});

/** What one node has within reach of everybody. */
const exposedView = z.object({
  origin: z.string(),
  /** Requests sent, control requests included. */
  requests: z.number().int(),
  /** What the origin answers for paths that cannot exist. */
  control: z.object({ status: z.number().int().nullable(), soft: z.boolean() }),
  found: z.array(exposedFile),
  /** Paths that gave no answer, and why; about these nothing is known. */
  unanswered: z.array(z.object({ path: z.string(), reason: z.string() })),
});
export type ExposedView = z.infer<typeof exposedView>;

/** Files left within reach of everybody, at every address: the first that answered, and in `others` the rest. */
export const exposedFacts = exposedView.extend({
  /** `address:port`; `null` in facts that were recorded before every address was looked at. */
  address: z.string().nullable().default(null),
  others: z
    .array(
      z.union([
        z.object({ address: z.string(), view: exposedView }),
        z.object({ address: z.string(), failure: httpFailure }),
      ]),
    )
    .default([]),
});
export type ExposedFacts = z.infer<typeof exposedFacts>;
