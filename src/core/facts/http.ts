import { z } from 'zod';

/** A header line as it came over the wire: order, duplicates and spelling kept; bytes as latin1. */
const headerLine = z.tuple([z.string(), z.string()]);

/** One answer. */
export const httpAnswer = z.object({
  url: z.string(),
  status: z.number().int(),
  headers: z.array(headerLine),
});

/** What one request met: an answer, or why there was none. */
export const httpExchange = z.union([
  httpAnswer.extend({ body: z.string(), bodyTruncated: z.boolean() }),
  z.object({ url: z.string(), error: z.string(), refused: z.boolean() }),
]);

/** What an endpoint answers over HTTP. `hops` is the way from the given URL to the page, redirects included; the last hop is the page. */
export const httpFacts = z.object({
  hops: z.array(httpAnswer).min(1),
  /** First 512 KiB of the page, as text. */
  body: z.string(),
  bodyTruncated: z.boolean(),
});
export type HttpFacts = z.infer<typeof httpFacts>;
