import { createHash, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { CertificateFacts } from '../../core/facts/certificate.ts';
import { readExtensions } from './certificate-extensions.ts';
import { child, type Der, oidOf, readDer, TAG, tagged, textOf, timeOf } from './der.ts';
import { commonNameOf, formatName, type NameAttribute } from './distinguished-name.ts';
import { signatureAlgorithm } from './signature-algorithm.ts';

/** A chain, read; `note` says why it is cut short where a certificate in it could not be read. */
export interface ReadChain {
  certificates: CertificateFacts[];
  note: string | null;
}

/** More than any honest chain; each one costs a signature check per candidate issuer. */
const MAX_CERTIFICATES = 20;

/** Reads certificates as sent, leaf first, and finds which of them signed which. */
export function readChain(chain: readonly Uint8Array[]): ReadChain {
  const certificates: CertificateFacts[] = [];
  let note: string | null =
    chain.length > MAX_CERTIFICATES
      ? `only the first ${MAX_CERTIFICATES} of ${chain.length} certificates were read`
      : null;
  for (const der of chain.slice(0, MAX_CERTIFICATES)) {
    try {
      certificates.push(readCertificate(der));
    } catch (thrown) {
      note = `certificate ${certificates.length} of the chain cannot be read: ${thrown instanceof Error ? thrown.message : 'bad DER'}`;
      break;
    }
  }
  const parsed = chain.slice(0, certificates.length).map(tryX509);
  for (const [index, certificate] of certificates.entries()) {
    certificate.selfSigned = signs(parsed[index], parsed[index]);
    if (certificate.selfSigned) continue;
    // The next one first: that is where RFC 8446 4.4.2 wants it, and most chains are right.
    const order = [...certificates.keys()].sort((a, b) => Number(b === index + 1) - Number(a === index + 1) || a - b);
    certificate.issuedBy = order.find((other) => other !== index && signs(parsed[other], parsed[index])) ?? null;
  }
  return { certificates, note };
}

/** Reads one certificate. `selfSigned` and `issuedBy` are left for `readChain`. Throws for what is no certificate. */
export function readCertificate(der: Uint8Array): CertificateFacts {
  const outer = readDer(der);
  const body = child(outer, 0);
  const explicitVersion = tagged(body, 0) ? 1 : 0;
  const at = (index: number): Der => child(body, index + explicitVersion);
  const algorithm = child(outer, 1);
  const subject = attributesOf(at(4));
  const signature = signatureAlgorithm(oidOf(child(algorithm, 0)), pssHash(algorithm));
  return {
    subject: formatName(subject),
    commonName: commonNameOf(subject),
    issuer: formatName(attributesOf(at(2))),
    notBefore: timeOf(child(at(3), 0)),
    notAfter: timeOf(child(at(3), 1)),
    key: keyOf(at(5)),
    signatureAlgorithm: signature.name,
    signatureHash: signature.hash,
    serial: Buffer.from(at(0).content.subarray(0, 64)).toString('hex'),
    fingerprint: sha256(outer.whole),
    publicKeyHash: sha256(at(5).whole),
    selfSigned: false,
    issuedBy: null,
    ...readExtensions(tagged(body, 3)?.children[0]),
  };
}

function attributesOf(name: Der): NameAttribute[] {
  return name.children
    .slice(0, 64)
    .flatMap((set) => set.children.slice(0, 8))
    .map((attribute) => ({ type: oidOf(child(attribute, 0)), value: textOf(child(attribute, 1)) }));
}

/** The hash in the parameters of RSASSA-PSS: SEQUENCE { [0] AlgorithmIdentifier ... } (RFC 4055 3.1). */
function pssHash(algorithm: Der): string | undefined {
  const parameters = algorithm.children[1];
  const hash = parameters && tagged(parameters, 0)?.children[0]?.children[0];
  return hash ? oidOf(hash) : undefined;
}

function keyOf(info: Der): CertificateFacts['key'] {
  const oid = oidOf(child(child(info, 0), 0));
  let key: KeyObject;
  try {
    key = createPublicKey({ key: Buffer.from(info.whole), format: 'der', type: 'spki' });
  } catch {
    // A key that OpenSSL will not load (unknown type, broken curve) is still named.
    return {
      type: oid === RSA ? 'rsa' : oid,
      bits: oid === RSA ? modulusBits(info) : null,
      curve: null,
      exponent: null,
    };
  }
  const { modulusLength, publicExponent, namedCurve } = key.asymmetricKeyDetails ?? {};
  return {
    type: key.asymmetricKeyType ?? oid,
    bits: modulusLength ?? (namedCurve ? curveBits(namedCurve) : (FIXED_BITS[key.asymmetricKeyType ?? ''] ?? null)),
    curve: namedCurve ?? null,
    exponent: publicExponent === undefined ? null : publicExponent.toString().slice(0, 40),
  };
}

const RSA = '1.2.840.113549.1.1.1';
const FIXED_BITS: Record<string, number> = { ed25519: 256, ed448: 456 };

function modulusBits(info: Der): number | null {
  const bits = info.children[1];
  if (bits?.tag !== TAG.bitString) return null;
  const modulus = child(readDer(bits.content.subarray(1)), 0).content;
  const start = modulus.findIndex((byte) => byte !== 0);
  return start === -1 ? 0 : (modulus.length - start) * 8 - Math.clz32(modulus[start] ?? 0) + 24;
}

/** Size of a named curve from its name: prime256v1, secp384r1, sect233k1, brainpoolP512r1. */
function curveBits(name: string): number | null {
  const digits = /(\d{3})/.exec(name)?.[1];
  return digits ? Number(digits) : null;
}

function tryX509(der: Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(Buffer.from(der));
  } catch {
    return undefined;
  }
}

function signs(issuer: X509Certificate | undefined, subject: X509Certificate | undefined): boolean {
  try {
    return !!issuer && !!subject && issuer.subject === subject.issuer && subject.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
