import { z } from 'zod';
import { TLS_VERSIONS } from './facts/tls.ts';

/** `good`; `old`: unbroken, but without forward secrecy or authenticated encryption; `weak`: can be broken. */
export const STRENGTHS = ['good', 'old', 'weak'] as const;
const strength = z.enum(STRENGTHS);
export type Strength = (typeof STRENGTHS)[number];
const version = z.enum(TLS_VERSIONS);

const suitePicture = z.object({
  name: z.string(),
  strength,
  /** What is wrong with it; `null` where nothing is. */
  why: z.string().nullable(),
  /** How the key is agreed: ECDHE, DHE, RSA ... */
  exchange: z.string(),
  bits: z.number().int(),
  /** Position in each version that carries it, from 1: the server's order where it has one. */
  positions: z.partialRecord(version, z.number().int()),
});

const certificatePicture = z.object({
  role: z.enum(['leaf', 'intermediate', 'root']),
  subject: z.string(),
  issuer: z.string(),
  notBefore: z.iso.datetime(),
  notAfter: z.iso.datetime(),
  /** Two thirds of the lifetime: when a new one should be in place. */
  renewAt: z.iso.datetime(),
  state: z.enum(['not-yet-valid', 'fresh', 'renewal-due', 'expiring', 'last-moment', 'expired']),
  /** Whole days until it ends; negative after. */
  daysLeft: z.number().int(),
  key: z.string(),
  signature: z.string(),
  fingerprint: z.string(),
});
export type CertificatePicture = z.infer<typeof certificatePicture>;

const addressPicture = z.object({
  /** `192.0.2.1:443`, `[2001:db8::1]:443`. */
  address: z.string(),
  /** Why nothing could be told of it; `null` where something could. */
  absence: z.string().nullable(),
  /** In what it differs from the address that most others equal. */
  differences: z.array(z.object({ what: z.string(), seen: z.string(), wanted: z.string() })),
  /** `null`: could not be told. `complete`: every known suite was asked for. */
  protocols: z.array(
    z.object({
      version,
      offered: z.boolean().nullable(),
      strength,
      complete: z.boolean(),
      serverPreference: z.boolean().nullable(),
    }),
  ),
  suites: z.array(suitePicture),
  groups: z.array(
    z.object({ name: z.string(), bits: z.number().int().nullable(), postQuantum: z.boolean(), strength }),
  ),
  groupsComplete: z.boolean(),
  groupPreference: z.boolean().nullable(),
  /** Sizes of finite-field Diffie-Hellman parameters. */
  dh: z.array(z.object({ bits: z.number().int(), known: z.string().nullable(), strength })),
  signatureAlgorithms: z.array(z.string()),
  /** As sent, leaf first. */
  chain: z.array(certificatePicture),
  chainNote: z.string().nullable(),
  trust: z.object({ trusted: z.boolean().nullable(), reason: z.string() }),
  connections: z.number().int(),
});
export type TlsAddressPicture = z.infer<typeof addressPicture>;

/** TLS of an endpoint, reduced to what a person looks at. */
export const tlsPictureSchema = z.object({
  serverName: z.string(),
  startTls: z.string().nullable(),
  /** The moment that the certificates are judged for. */
  now: z.iso.datetime(),
  /** The address that most others equal comes first. */
  addresses: z.array(addressPicture),
});
export type TlsPicture = z.infer<typeof tlsPictureSchema>;
