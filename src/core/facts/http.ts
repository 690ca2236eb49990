import { z } from 'zod';

/** A header line as it came over the wire: order, duplicates and spelling kept; bytes as latin1. */
const headerLine = z.tuple([z.string(), z.string()]);

/** One answer. */
export const httpAnswer = z.object({
  url: z.string(),
  status: z.number().int(),
  headers: z.array(headerLine),
});
export type HttpAnswer = z.infer<typeof httpAnswer>;

/**
 * Why a request got no answer: `error` for people, `kind` one of the client's kinds (`refused`, `filtered`, `timeout` ...).
 * `refused`: nothing accepts connections there, which for some questions is an answer.
 */
export const httpFailure = z.object({
  url: z.string(),
  kind: z.string(),
  error: z.string(),
  refused: z.boolean(),
});
export type HttpFailureFact = z.infer<typeof httpFailure>;

/** What one request met: an answer, or why there was none. */
export const httpExchange = z.union([httpAnswer.extend({ body: z.string(), bodyTruncated: z.boolean() }), httpFailure]);
export type HttpExchange = z.infer<typeof httpExchange>;

/** A URL and where it led. `stopped` says why the way ended before a page: a loop, a refused destination, no answer. */
export const httpWay = z.object({ hops: z.array(httpAnswer), stopped: httpFailure.nullable() });
export type HttpWay = z.infer<typeof httpWay>;

/** A page that is only graded beside the target's own: the way to it, and what it answers a preflight. */
const httpTwin = httpWay.extend({
  body: z.string(),
  bodyTruncated: z.boolean(),
  certificateError: z.string().nullable(),
  preflight: httpExchange,
});
export type HttpTwin = z.infer<typeof httpTwin>;

/**
 * What one node answers over HTTP. `hops` is the way from the given URL to the page, redirects included; the last hop is
 * the page unless `stopped` says otherwise. Everything else is asked of the page's origin, or, where the way leads to a
 * foreign host, of the last origin before it. Values of cookies and credentials in bodies are masked, length kept.
 */
const httpView = z.object({
  hops: z.array(httpAnswer).min(1),
  stopped: httpFailure.nullable(),
  /** First 512 KiB of the page, as text. */
  body: z.string(),
  bodyTruncated: z.boolean(),
  /** Why the certificate of the given URL would not be trusted (a code); headers are read all the same. */
  certificateError: z.string().nullable(),
  /** The way from `http://` of the same host: port 80, or the target itself where it is plain HTTP. */
  plain: httpWay,
  robots: httpExchange,
  /** A path that cannot exist. */
  missing: httpExchange,
  /** OPTIONS from a foreign origin. */
  preflight: httpExchange,
  /** GET of the page from foreign origins: an arbitrary one, `null`, and one that begins with the host's name. */
  cors: z.array(z.object({ origin: z.string(), exchange: httpExchange })),
  /** /.well-known/security.txt, redirects followed. */
  securityTxt: httpExchange,
  /** Of an http:// target: what https:// of the same host answers on port 443; `null` where the target is https. */
  twin: httpTwin.nullable().default(null),
  /** Which hosts on the ways a browser's preload list names; `null` where no list was given. */
  preload: z
    .object({ listed: z.array(z.string()), error: z.string().nullable() })
    .nullable()
    .default(null),
});
export type HttpView = z.infer<typeof httpView>;

/** Another node: what it answers, or why it gave no answer. */
export const httpNode = z.union([
  /** A `body` that is the first node's is `null`, so that sixteen equal pages are kept once. */
  z.object({ address: z.string(), view: httpView.extend({ body: z.string().nullable() }) }),
  z.object({ address: z.string(), failure: httpFailure }),
]);
export type HttpNode = z.infer<typeof httpNode>;

/**
 * What an endpoint answers at every address that it has: the first one that answered, and in `others` the rest. Facts
 * that were recorded before every address was looked at have neither `address` nor `others`.
 */
export const httpFacts = httpView.extend({
  /** `address:port`; several with ` and ` where hosts on the way have several each. */
  address: z.string().nullable().default(null),
  others: z.array(httpNode).default([]),
});
export type HttpFacts = z.infer<typeof httpFacts>;
