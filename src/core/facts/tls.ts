import { z } from 'zod';
import { absenceSchema } from '../collected.ts';
import { certificateFacts } from './certificate.ts';

export const TLS_VERSIONS = ['SSLv2', 'SSLv3', 'TLSv1.0', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
export type TlsVersion = (typeof TLS_VERSIONS)[number];

/** `null` = could not be told; never a silent "no". */
const told = z.boolean().nullable();

const protocolFacts = z.object({
  offered: told,
  /** IANA names, in the server's order where it has one. */
  ciphers: z.array(z.string()),
  /** Every known suite was asked for, so that one which is not listed is not offered. */
  complete: z.boolean(),
  serverPreference: told,
});
export type TlsProtocolFacts = z.infer<typeof protocolFacts>;

/** Names of the answers that a server's extensions and reactions give. */
const featureFacts = z.object({
  /** Accepts TLS compression. */
  compression: told,
  /** RFC 5746. */
  secureRenegotiation: told,
  /** Lets the client start a renegotiation. */
  clientRenegotiation: told,
  /** RFC 7627. */
  extendedMasterSecret: told,
  /** RFC 7366. */
  encryptThenMac: told,
  /** RFC 7507: refuses a downgraded hello that carries the signal; `null` also where there is no lower version to try. */
  fallbackScsv: told,
  /** RFC 6520 extension answered. */
  heartbeat: told,
  /** Resumption by session id, up to TLS 1.2. */
  sessionIds: told,
  /** Resumption by ticket (RFC 5077), up to TLS 1.2. */
  sessionTickets: told,
  /** A second handshake with the session of the first one was abbreviated. */
  resumption: told,
  /** Answers hellos with unknown suites, groups and extensions (RFC 8701). */
  greaseTolerant: told,
  /** Application protocols that it chose, the preferred one first; `null` where not asked. */
  alpn: z.array(z.string()).nullable(),
  /** Bytes of early data (0-RTT) that sessions of TLS 1.3 allow; 0 = none. */
  earlyData: z.number().int().nullable().default(null),
  /** Asks for a client certificate. */
  clientCertificate: told,
});
export type TlsFeatureFacts = z.infer<typeof featureFacts>;

/** Known holes that were looked for by behaviour, without exploiting them. */
const holeFacts = z.object({
  heartbleed: told,
  ccsInjection: told,
  ticketbleed: told,
});

/** What one address speaks. */
export const tlsAddressFacts = z.object({
  address: z.string(),
  port: z.number().int(),
  /** Why nothing could be told of this address; `null` where something could. */
  absence: absenceSchema.nullable(),
  /** The words of a server that was asked to start TLS and said no; every protocol is then not offered. */
  declined: z.string().nullable().default(null),
  protocols: z.record(z.enum(TLS_VERSIONS), protocolFacts),
  /** IANA names of key-exchange groups, in the server's order where it has one. */
  groups: z.array(z.string()),
  /** Every known group was asked for. */
  groupsComplete: z.boolean(),
  groupPreference: told,
  /** IANA names of signature schemes that the server signs with. */
  signatureAlgorithms: z.array(z.string()),
  signatureAlgorithmsComplete: z.boolean(),
  /** Finite-field Diffie-Hellman parameters seen, one per size and prime. */
  dh: z.array(
    z.object({
      bits: z.number().int(),
      /** SHA-256 of the prime's bytes, hexadecimal. */
      prime: z.string(),
      /** Name of a published prime, such as "RFC 2409 Oakley group 2". */
      known: z.string().nullable(),
      /** Seen with an export suite. */
      export: z.boolean(),
    }),
  ),
  features: featureFacts,
  holes: holeFacts,
  /** Connections that were made to this address. */
  connections: z.number().int(),
  /** As sent, leaf first. Empty where none could be had. */
  certificateChain: z.array(certificateFacts),
  /** Why the chain is empty or cut short. */
  chainNote: z.string().nullable(),
  /** Signed certificate timestamps beside the certificate: in an extension (up to TLS 1.2) or in the OCSP staple. */
  deliveredScts: z.array(z.object({ log: z.string(), at: z.number(), by: z.enum(['tls', 'ocsp']) })).default([]),
  /** Further chains, for servers with certificates of several key types. */
  otherChains: z.array(z.array(certificateFacts)),
  /** OpenSSL's verdict on the chain against the system's roots and the target's own; the name is not part of it. */
  trust: z.object({
    trusted: told,
    /** OpenSSL's code, such as SELF_SIGNED_CERT_IN_CHAIN. */
    code: z.string().nullable(),
    reason: z.string(),
  }),
  ocspStaple: z.object({
    stapled: told,
    status: z.enum(['good', 'revoked', 'unknown']).nullable(),
    thisUpdate: z.number().nullable(),
    nextUpdate: z.number().nullable(),
  }),
});
export type TlsAddressFacts = z.infer<typeof tlsAddressFacts>;

/** TLS of an endpoint, per address. */
export const tlsFacts = z.object({
  /** The name that was asked for and that the certificate must carry: a host name or an IP address. */
  serverName: z.string(),
  /** The protocol in which TLS was started (STARTTLS), or `null` for TLS from the first byte. */
  startTls: z.string().nullable(),
  addresses: z.array(tlsAddressFacts).min(1),
});
export type TlsFacts = z.infer<typeof tlsFacts>;
