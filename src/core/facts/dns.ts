import { z } from 'zod';

/** One question: what was found, that there is nothing, or that nobody could tell. */
const lookup = <T extends z.ZodType>(record: T) =>
  z.discriminatedUnion('status', [
    z.object({ status: z.literal('found'), records: z.array(record).min(1) }),
    z.object({ status: z.literal('none') }),
    z.object({ status: z.literal('nxdomain') }),
    z.object({ status: z.literal('failed'), reason: z.string() }),
  ]);

const text = lookup(z.string());

/** What the name system says of an endpoint's name, and of the zone that it lies in. */
export const dnsFacts = z.object({
  name: z.string(),
  /** The zone, by its SOA record; `null` where that could not be told. Mail belongs to it. */
  zone: z.string().nullable(),
  resolvers: z.array(z.string()),
  a: text,
  aaaa: text,
  /** Each alias on the way from the name, and whether its target exists. */
  aliases: z.array(z.object({ name: z.string(), target: z.string(), exists: z.boolean().nullable() })),
  /** The closest CAA set, going up from the name (RFC 8659, section 3), and where it stands. */
  caa: z.object({
    at: z.string().nullable(),
    answer: lookup(z.object({ critical: z.boolean(), tag: z.string(), value: z.string() })),
  }),
  /** Whether the resolver validated the answer; `null` where there was none. */
  authentic: z.boolean().nullable(),
  /** A delegation that is signed: DS at the zone. */
  ds: text,
  mx: lookup(z.object({ preference: z.number(), exchange: z.string() })),
  /** TXT records of the zone that begin with v=spf1. */
  spf: text,
  /** Names that reading the SPF record asks for (RFC 7208, section 4.6.4: at most ten); `null` where it could not be read. */
  spfLookups: z.number().int().nullable(),
  dmarc: text,
  /** Service bindings for HTTPS (RFC 9460) of the endpoint's port. */
  https: lookup(
    z.object({
      /** 0 = an alias. */
      priority: z.number().int(),
      target: z.string(),
      alpn: z.array(z.string()),
      /** Carries a key for Encrypted Client Hello. */
      ech: z.boolean(),
    }),
  ).default({ status: 'failed', reason: 'it was not asked for at that time' }),
  mtaSts: text,
  /** https://mta-sts.ZONE/.well-known/mta-sts.txt, or why it could not be had; `null` where nobody announced one. */
  mtaStsPolicy: z.union([z.object({ text: z.string() }), z.object({ error: z.string() })]).nullable(),
  /** What a connection to the endpoint's port met at each address. */
  reach: z.array(
    z.object({
      address: z.string(),
      family: z.union([z.literal(4), z.literal(6)]),
      result: z.enum(['open', 'refused', 'timeout', 'no-route']),
    }),
  ),
});
export type DnsFacts = z.infer<typeof dnsFacts>;
