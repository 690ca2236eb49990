import { z } from 'zod';

/** An X.509 certificate as it came over the wire, read but not judged. */
export const certificateFacts = z.object({
  subject: z.string().describe('distinguished name, "C=US, O=Example, CN=shop.example"'),
  commonName: z.string().nullable(),
  issuer: z.string(),
  /** dNSName and iPAddress entries of subjectAltName, in their order; A-labels as sent. */
  names: z.object({ dns: z.array(z.string()), ip: z.array(z.string()) }),
  /** Epoch ms. */
  notBefore: z.number(),
  notAfter: z.number(),
  key: z.object({
    type: z.string().describe('rsa, rsa-pss, ec, ed25519, ed448, dsa, or the OID of anything else'),
    bits: z.number().int().nullable(),
    curve: z.string().nullable(),
    /** Public exponent of an RSA key, decimal. */
    exponent: z.string().nullable(),
  }),
  signatureAlgorithm: z.string().describe('sha256WithRSAEncryption, ecdsa-with-SHA384, Ed25519, or an OID'),
  /** sha1, sha256, md5 ...; `null` where the algorithm has none of its own. */
  signatureHash: z.string().nullable(),
  serial: z.string().describe('hexadecimal, lower case'),
  fingerprint: z.string().describe('SHA-256 of the DER, lower-case hexadecimal'),
  publicKeyHash: z.string().describe('SHA-256 of the SubjectPublicKeyInfo, lower-case hexadecimal'),
  /** Signed with its own key. */
  selfSigned: z.boolean(),
  /** basicConstraints says CA. */
  ca: z.boolean(),
  /** Position, in the chain as sent, of the certificate that signed this one; `null` where none there did. */
  issuedBy: z.number().int().nullable(),
  ocsp: z.array(z.string()),
  caIssuers: z.array(z.string()),
  crl: z.array(z.string()),
  /** RFC 7633: the certificate asks to be refused without an OCSP staple. */
  mustStaple: z.boolean(),
  /** Embedded signed certificate timestamps (RFC 6962): the log's id in hexadecimal, epoch ms. */
  scts: z.array(z.object({ log: z.string(), at: z.number() })),
});
export type CertificateFacts = z.infer<typeof certificateFacts>;
