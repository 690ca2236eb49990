import type { CipherSuite } from '../../knowledge/tls/cipher-suites.ts';
import { Reader } from './bytes.ts';

/** What a ServerKeyExchange says of the exchange that follows. */
export interface KeyExchangeFacts {
  /** Named group of an elliptic-curve exchange. */
  group: number | null;
  /** Finite-field parameters, without leading zeros. */
  prime: Uint8Array | null;
  /** Size of the temporary RSA key of an export suite, in bits. */
  exportRsaBits: number | null;
  /** Scheme of the signature, TLS 1.2 only. */
  scheme: number | null;
}

/** Reads the body by the suite's key exchange (RFC 8422 5.4, RFC 5246 7.4.3); what is not there is `null`. */
export function readKeyExchange(body: Uint8Array, suite: CipherSuite, version: number): KeyExchangeFacts {
  const facts: KeyExchangeFacts = { group: null, prime: null, exportRsaBits: null, scheme: null };
  const reader = new Reader(body);
  if (suite.authentication === 'psk' || /PSK/.test(suite.name)) reader.vector(2); // the identity hint comes first (RFC 4279)
  if (suite.keyExchange === 'ecdhe') {
    // curve_type 3 = named_curve; explicit curves are not for TLS any more.
    if (reader.uint(1) !== 3) return facts;
    facts.group = reader.uint(2);
    reader.vector(1);
  } else if (suite.keyExchange === 'dhe') {
    const prime = trimZeros(reader.vector(2));
    reader.vector(2);
    reader.vector(2);
    if (!reader.short && prime.length > 0) facts.prime = prime;
  } else if (suite.export && suite.keyExchange === 'rsa') {
    facts.exportRsaBits = bitLength(trimZeros(reader.vector(2)));
    reader.vector(2);
  } else return facts;
  if (reader.short) return { group: null, prime: null, exportRsaBits: null, scheme: null };
  const signed = suite.authentication !== 'anon' && suite.authentication !== 'psk';
  if (signed && version === 0x0303 && reader.left >= 4) facts.scheme = reader.uint(2);
  return facts;
}

/** Bits of an unsigned number without leading zeros. */
export function bitLength(number: Uint8Array): number {
  return number.length === 0 ? 0 : number.length * 8 - (Math.clz32(number[0] ?? 0) - 24);
}

function trimZeros(number: Uint8Array): Uint8Array {
  const start = number.findIndex((byte) => byte !== 0);
  return start === -1 ? new Uint8Array() : number.subarray(start);
}
