import { X509Certificate } from 'node:crypto';
import type { CertificateFacts } from '../../core/facts/certificate.ts';
import type { TlsAddressFacts } from '../../core/facts/tls.ts';
import { systemRoots } from './trust-store.ts';

/** OpenSSL's verification codes in words; the code itself stays in the fact. */
const REASONS: Record<string, string> = {
  SELF_SIGNED_CERT_IN_CHAIN: 'the chain ends in a root that is not trusted here',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed',
  UNABLE_TO_GET_ISSUER_CERT: 'the issuer of an intermediate is neither sent nor known',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'the issuer is neither sent nor known: a missing intermediate or an unknown authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'the issuer is neither sent nor known: a missing intermediate or an unknown authority',
  CERT_HAS_EXPIRED: 'a certificate of the chain has expired',
  CERT_NOT_YET_VALID: 'a certificate of the chain is not valid yet',
  CERT_SIGNATURE_FAILURE: 'a signature in the chain is wrong',
  CERT_REVOKED: 'a certificate of the chain is revoked',
  CERT_UNTRUSTED: 'the root is marked as not trusted',
  CERT_REJECTED: 'the root rejects this use',
  INVALID_CA: 'a certificate that is no authority has issued another one',
  INVALID_PURPOSE: 'the certificate is not for servers',
  PATH_LENGTH_EXCEEDED: 'the chain is longer than an authority in it allows',
  CERT_CHAIN_TOO_LONG: 'the chain is too long',
};

/** The verdict in the words of the fact. `code` is what Node calls `authorizationError`, `null` for a trusted chain. */
export function trustOf(code: string | null): TlsAddressFacts['trust'] {
  if (code === null) return { trusted: true, code: null, reason: 'chains to a trusted root' };
  return { trusted: false, code, reason: REASONS[code] ?? code.toLowerCase().replaceAll('_', ' ') };
}

/**
 * Where OpenSSL would not shake hands with what the wire showed (an oversized chain, say), one verdict needs no path: a
 * self-signed certificate that is no anchor itself is not trusted.
 */
export function settleTrust(
  trust: TlsAddressFacts['trust'],
  leaf: CertificateFacts | undefined,
  ca: readonly string[] = [],
): TlsAddressFacts['trust'] {
  if (trust.trusted !== null || !leaf?.selfSigned) return trust;
  const anchors = [...systemRoots(), ...ca].flatMap(
    (pem) => pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [],
  );
  const known = anchors.some((pem) => fingerprintOf(pem) === leaf.fingerprint);
  return known ? trust : trustOf('DEPTH_ZERO_SELF_SIGNED_CERT');
}

function fingerprintOf(pem: string): string | undefined {
  try {
    return new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();
  } catch {
    return undefined;
  }
}
