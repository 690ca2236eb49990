import type { CertificateFacts } from '../core/facts/certificate.ts';
import { TLS_VERSIONS, type TlsAddressFacts, type TlsFacts, type TlsVersion } from '../core/facts/tls.ts';
import type { CertificatePicture, Strength, TlsAddressPicture, TlsPicture } from '../core/tls-picture.ts';
import type { CipherSuite } from '../knowledge/tls/cipher-suites.ts';
import { groupByName } from '../knowledge/tls/groups.ts';
import { timelineOf } from './certificate-timeline.ts';
import { suiteWeakness } from './suite-weakness.ts';
import { formatAddress } from './tls-addresses.ts';
import { differencesOf, referenceOf } from './tls-differences.ts';
import { isForwardSecret, offeredSuites } from './tls-suites.ts';

const DAY = 86_400_000;
const PROTOCOL_STRENGTH: Readonly<Record<TlsVersion, Strength>> = {
  SSLv2: 'weak',
  SSLv3: 'weak',
  'TLSv1.0': 'weak',
  'TLSv1.1': 'weak',
  'TLSv1.2': 'good',
  'TLSv1.3': 'good',
};
/** Certificates carry any year; one that RFC 3339 cannot write becomes the nearest that it can. */
const iso = (ms: number) => new Date(Math.min(Math.max(ms, FIRST_MS), LAST_MS)).toISOString();
const FIRST_MS = Date.parse('0000-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** The facts as a picture: a matrix of protocols and suites, groups, sizes and the life of every certificate, per address. */
export function tlsPicture(tls: TlsFacts, now: number): TlsPicture {
  const looked = tls.addresses.filter((one) => one.absence === null);
  const reference = referenceOf(looked);
  const addresses = [...tls.addresses].sort((a, b) => Number(b === reference) - Number(a === reference));
  return {
    serverName: tls.serverName,
    startTls: tls.startTls,
    now: iso(now),
    addresses: addresses.map((one) => addressPicture(one, reference, now)),
  };
}

function addressPicture(
  facts: TlsAddressFacts,
  reference: TlsAddressFacts | undefined,
  now: number,
): TlsAddressPicture {
  return {
    address: formatAddress(facts),
    absence: facts.absence?.reason ?? null,
    differences: facts.absence === null && reference && reference !== facts ? differencesOf(reference, facts) : [],
    protocols: [...TLS_VERSIONS].reverse().map((version) => {
      const { offered, complete, serverPreference } = facts.protocols[version];
      return { version, offered, strength: PROTOCOL_STRENGTH[version], complete, serverPreference };
    }),
    suites: offeredSuites(facts).map(({ suite, versions }) => ({
      name: suite.name,
      ...suiteStrength(suite),
      exchange: suite.keyExchange === 'tls13' ? 'by group' : suite.keyExchange.toUpperCase(),
      bits: suite.bits,
      positions: Object.fromEntries(
        versions.map((version) => [version, facts.protocols[version].ciphers.indexOf(suite.name) + 1]),
      ),
    })),
    groups: facts.groups.map((name) => {
      const group = groupByName(name);
      const isSmall = group !== undefined && group.kind !== 'field' && group.bits < 128;
      return {
        name,
        bits: group?.bits ?? null,
        postQuantum: group?.kind === 'hybrid' || group?.kind === 'kem',
        strength: isSmall ? 'weak' : 'good',
      };
    }),
    groupsComplete: facts.groupsComplete,
    groupPreference: facts.groupPreference,
    dh: facts.dh.map(({ bits, known }) => ({ bits, known, strength: bits < 2_048 ? 'weak' : 'good' })),
    signatureAlgorithms: facts.signatureAlgorithms,
    chain: facts.certificateChain.map((one, index) => certificatePicture(one, index, now)),
    chainNote: facts.chainNote,
    trust: { trusted: facts.trust.trusted, reason: facts.trust.reason },
    connections: facts.connections,
  };
}

function suiteStrength(suite: CipherSuite): { strength: Strength; why: string | null } {
  const weakness = suiteWeakness(suite);
  if (weakness) return { strength: 'weak', why: weakness[1] };
  const lacks = [
    ...(isForwardSecret(suite) ? [] : ['no forward secrecy']),
    ...(suite.mode === 'aead' ? [] : ['no AEAD']),
  ];
  return lacks.length === 0 ? { strength: 'good', why: null } : { strength: 'old', why: lacks.join(', ') };
}

function certificatePicture(one: CertificateFacts, index: number, now: number): CertificatePicture {
  const line = timelineOf(one, now);
  const { type, bits, curve } = one.key;
  return {
    role: index === 0 ? 'leaf' : one.selfSigned ? 'root' : 'intermediate',
    subject: one.commonName ?? one.names.dns[0] ?? one.subject,
    issuer: /(?:^|, )CN=([^,]+)/.exec(one.issuer)?.[1] ?? one.issuer,
    notBefore: iso(one.notBefore),
    notAfter: iso(one.notAfter),
    renewAt: iso(line.renewAt),
    state: line.state,
    daysLeft: Math.floor(line.leftMs / DAY),
    key: [type, curve ?? bits].filter((part) => part !== null).join(' '),
    signature: one.signatureAlgorithm,
    fingerprint: one.fingerprint,
  };
}
