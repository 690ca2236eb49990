import type { CertificateFacts } from '../../core/facts/certificate.ts';
import { readCertificate } from './certificate.ts';
import type { HandshakeOptions, HandshakeResult } from './handshake.ts';

/** What can be had of signatures where the only protocol is TLS 1.3, which hides them. */
export interface Tls13Signatures {
  schemes: string[];
  complete: boolean;
  /** The chain of a second certificate, of another kind of key. */
  second: Buffer[] | null;
}

/** Schemes that RFC 8446 4.2.3 binds to a key: by curve or type nothing is left to choose. */
const BOUND: Record<string, string> = {
  prime256v1: 'ecdsa_secp256r1_sha256',
  secp384r1: 'ecdsa_secp384r1_sha384',
  secp521r1: 'ecdsa_secp521r1_sha512',
  ed25519: 'ed25519',
  ed448: 'ed448',
};
const RSA = ['rsa_pss_rsae_sha256', 'rsa_pss_rsae_sha384', 'rsa_pss_rsae_sha512'];
const RSA_PSS = ['rsa_pss_pss_sha256', 'rsa_pss_pss_sha384', 'rsa_pss_pss_sha512'];

/** Asks for a certificate of another kind of key, and for each RSA scheme: the handshake shows a key but not its scheme. */
export async function scanSchemes13(
  shake: (more: Partial<HandshakeOptions>) => Promise<HandshakeResult>,
  first: Buffer,
): Promise<Tls13Signatures> {
  const found: Tls13Signatures = { schemes: [], complete: true, second: null };
  const key = keyOf(first);
  if (!key) return { ...found, complete: false };
  const kin = schemesOf(key);
  const others = [...Object.values(BOUND), ...RSA, ...RSA_PSS].filter((scheme) => !kin.includes(scheme));
  const other = await shake({ minVersion: 'TLSv1.3', sigalgs: others });
  if (other.ok && other.chain[0] && !other.chain[0].equals(first)) found.second = other.chain;
  else if (!other.ok && other.kind !== 'alert') found.complete = false;
  const secondKey = found.second?.[0] && keyOf(found.second[0]);
  for (const scheme of [...kin, ...(secondKey ? schemesOf(secondKey) : [])]) {
    if (!scheme.startsWith('rsa')) found.schemes.push(scheme);
    else {
      const asked = await shake({ minVersion: 'TLSv1.3', sigalgs: [scheme] });
      if (asked.ok) found.schemes.push(scheme);
      else if (asked.kind !== 'alert') found.complete = false;
    }
  }
  return found;
}

function schemesOf(key: CertificateFacts['key']): string[] {
  if (key.type === 'rsa') return RSA;
  if (key.type === 'rsa-pss') return RSA_PSS;
  const scheme = BOUND[key.curve ?? key.type];
  return scheme ? [scheme] : [];
}

function keyOf(der: Buffer): CertificateFacts['key'] | null {
  try {
    return readCertificate(der).key;
  } catch {
    return null;
  }
}
