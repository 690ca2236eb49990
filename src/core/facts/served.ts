import { z } from 'zod';
import { leak } from './leaks.ts';

/** Secrets in the code that a site hands to everybody: its page, scripts of the same origin, and their source maps. */
export const servedFacts = z.object({
  origin: z.string(),
  /** Requests sent, the way to the page included. */
  requests: z.number().int(),
  /** What was read. `sources` are files inside source maps. */
  read: z.object({
    pages: z.number().int(),
    scripts: z.number().int(),
    maps: z.number().int(),
    sources: z.number().int(),
    bytes: z.number(),
  }),
  /** Source maps within reach, whatever is in them: paths. */
  maps: z.array(z.string()),
  /** Scripts of other origins, which were not asked: origins. */
  foreign: z.array(z.string()),
  /** What was not read, or not to its end, and why. */
  unread: z.array(z.object({ path: z.string(), reason: z.string() })),
  /** `file` of a place is the path on the origin; of a file in a source map `/app.js.map!src/a.ts`. */
  leaks: z.array(leak),
});
export type ServedFacts = z.infer<typeof servedFacts>;
