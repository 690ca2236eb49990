import { z } from 'zod';

export const TLS_VERSIONS = ['SSLv2', 'SSLv3', 'TLSv1.0', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

const protocolFacts = z.object({
  /** `null` = could not be told. */
  offered: z.boolean().nullable(),
  /** IANA names, in the server's order where it has one. */
  ciphers: z.array(z.string()),
  serverPreference: z.boolean().nullable(),
});

/** What one address speaks. */
export const tlsAddressFacts = z.object({
  address: z.string(),
  port: z.number().int(),
  protocols: z.record(z.enum(TLS_VERSIONS), protocolFacts),
  groups: z.array(z.string()),
  connections: z.number().int(),
  certificateChain: z.array(z.unknown()),
});

/** TLS of an endpoint, per address. */
export const tlsFacts = z.object({ addresses: z.array(tlsAddressFacts).min(1) });
export type TlsFacts = z.infer<typeof tlsFacts>;
