import type { CertificateFacts } from './certificate.ts';
import type { TlsAddressFacts, TlsFacts, TlsFeatureFacts, TlsProtocolFacts, TlsVersion } from './tls.ts';

/** Builders of TLS facts for the examples of checks: a good server at 2026-11-01, and what an example changes. */

const SHA = 'a1'.repeat(32);

/** A 90-day ECDSA certificate for shop.example, issued on 2026-10-15. */
export function exampleCertificate(change: Partial<CertificateFacts> = {}): CertificateFacts {
  return {
    subject: 'CN=shop.example',
    commonName: 'shop.example',
    issuer: 'C=US, O=Example Trust, CN=Example Trust E1',
    names: { dns: ['shop.example', 'www.shop.example'], ip: [] },
    notBefore: Date.parse('2026-10-15T00:00:00Z'),
    notAfter: Date.parse('2027-01-13T00:00:00Z'),
    key: { type: 'ec', bits: 256, curve: 'prime256v1', exponent: null },
    signatureAlgorithm: 'ecdsa-with-SHA384',
    signatureHash: 'sha384',
    serial: '04a1',
    fingerprint: SHA,
    publicKeyHash: SHA,
    selfSigned: false,
    ca: false,
    issuedBy: null,
    ocsp: [],
    caIssuers: [],
    crl: [],
    mustStaple: false,
    scts: [
      { log: '11'.repeat(32), at: Date.parse('2026-10-15T00:00:01Z') },
      { log: '22'.repeat(32), at: Date.parse('2026-10-15T00:00:01Z') },
    ],
    ...change,
  };
}

/** The intermediate that issued `exampleCertificate()`. */
export function exampleIntermediate(change: Partial<CertificateFacts> = {}): CertificateFacts {
  return exampleCertificate({
    subject: 'C=US, O=Example Trust, CN=Example Trust E1',
    commonName: 'Example Trust E1',
    issuer: 'C=US, O=Example Trust, CN=Example Root',
    names: { dns: [], ip: [] },
    notBefore: Date.parse('2024-03-13T00:00:00Z'),
    notAfter: Date.parse('2029-03-12T00:00:00Z'),
    key: { type: 'ec', bits: 384, curve: 'secp384r1', exponent: null },
    fingerprint: 'b2'.repeat(32),
    publicKeyHash: 'b2'.repeat(32),
    ca: true,
    scts: [],
    ...change,
  });
}

const absent: TlsProtocolFacts = { offered: false, ciphers: [], complete: true, serverPreference: null };

/** Protocols by name with their suites in the server's order; those not named are not offered. */
export function exampleProtocols(
  offered: Partial<Record<TlsVersion, readonly string[]>>,
  more: Partial<Record<TlsVersion, Partial<TlsProtocolFacts>>> = {},
): TlsAddressFacts['protocols'] {
  const of = (version: TlsVersion): TlsProtocolFacts => {
    const ciphers = offered[version];
    const base = ciphers ? { offered: true, ciphers: [...ciphers], complete: true, serverPreference: true } : absent;
    return { ...base, ...more[version] };
  };
  return {
    SSLv2: of('SSLv2'),
    SSLv3: of('SSLv3'),
    'TLSv1.0': of('TLSv1.0'),
    'TLSv1.1': of('TLSv1.1'),
    'TLSv1.2': of('TLSv1.2'),
    'TLSv1.3': of('TLSv1.3'),
  };
}

/** Suites of a good server. */
export const MODERN: Partial<Record<TlsVersion, readonly string[]>> = {
  'TLSv1.2': [
    'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
    'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
    'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
  ],
  'TLSv1.3': ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'],
};

/** Features of a good server. */
export function exampleFeatures(change: Partial<TlsFeatureFacts> = {}): TlsFeatureFacts {
  return {
    compression: false,
    secureRenegotiation: true,
    clientRenegotiation: false,
    extendedMasterSecret: true,
    encryptThenMac: true,
    fallbackScsv: true,
    heartbeat: false,
    sessionIds: true,
    sessionTickets: true,
    resumption: true,
    greaseTolerant: true,
    alpn: ['h2', 'http/1.1'],
    earlyData: 0,
    clientCertificate: false,
    ...change,
  };
}

/** One address of a good server. */
export function exampleTlsAddress(change: Partial<TlsAddressFacts> = {}): TlsAddressFacts {
  return {
    address: '198.51.100.7',
    port: 443,
    absence: null,
    declined: null,
    protocols: exampleProtocols(MODERN),
    groups: ['X25519MLKEM768', 'x25519', 'secp256r1'],
    groupsComplete: true,
    groupPreference: true,
    signatureAlgorithms: ['ecdsa_secp256r1_sha256'],
    signatureAlgorithmsComplete: true,
    dh: [],
    features: exampleFeatures(),
    holes: { heartbleed: false, ccsInjection: false, ticketbleed: false },
    connections: 40,
    certificateChain: [exampleCertificate({ issuedBy: 1 }), exampleIntermediate()],
    chainNote: null,
    deliveredScts: [],
    otherChains: [],
    trust: { trusted: true, code: null, reason: 'chains to a trusted root' },
    ocspStaple: { stapled: false, status: null, thisUpdate: null, nextUpdate: null },
    ...change,
  };
}

/** TLS of shop.example at one address, or at each of several. */
export function exampleTls(...addresses: readonly Partial<TlsAddressFacts>[]): TlsFacts {
  const changes = addresses.length === 0 ? [{}] : addresses;
  return { serverName: 'shop.example', startTls: null, addresses: changes.map(exampleTlsAddress) };
}

/** An address that could not be looked at. */
export function exampleLostAddress(address: string): Partial<TlsAddressFacts> {
  const lost: TlsProtocolFacts = { offered: null, ciphers: [], complete: false, serverPreference: null };
  return {
    address,
    absence: { kind: 'timeout', reason: `${address} did not answer within 5s` },
    protocols: exampleProtocols(
      {},
      { SSLv2: lost, SSLv3: lost, 'TLSv1.0': lost, 'TLSv1.1': lost, 'TLSv1.2': lost, 'TLSv1.3': lost },
    ),
    groups: [],
    groupsComplete: false,
    certificateChain: [],
    chainNote: 'not reached',
    trust: { trusted: null, code: null, reason: 'not reached' },
  };
}
