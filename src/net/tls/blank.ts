import type { Absence } from '../../core/collected.ts';
import { TLS_VERSIONS, type TlsAddressFacts, type TlsProtocolFacts } from '../../core/facts/tls.ts';

/** An address of which nothing is known yet: every answer is "could not be told". */
export function blankAddress(address: string, port: number, absence: Absence | null = null): TlsAddressFacts {
  const unknown = (): TlsProtocolFacts => ({ offered: null, ciphers: [], complete: false, serverPreference: null });
  return {
    address,
    port,
    absence,
    declined: null,
    protocols: Object.fromEntries(TLS_VERSIONS.map((version) => [version, unknown()])) as TlsAddressFacts['protocols'],
    groups: [],
    groupsComplete: false,
    groupPreference: null,
    signatureAlgorithms: [],
    signatureAlgorithmsComplete: false,
    dh: [],
    features: {
      compression: null,
      secureRenegotiation: null,
      clientRenegotiation: null,
      extendedMasterSecret: null,
      encryptThenMac: null,
      fallbackScsv: null,
      heartbeat: null,
      sessionIds: null,
      sessionTickets: null,
      resumption: null,
      greaseTolerant: null,
      alpn: null,
      earlyData: null,
      clientCertificate: null,
    },
    deliveredScts: [],
    holes: { heartbleed: null, ccsInjection: null, ticketbleed: null },
    connections: 0,
    certificateChain: [],
    chainNote: absence?.reason ?? null,
    otherChains: [],
    trust: { trusted: null, code: null, reason: absence?.reason ?? 'not looked at' },
    ocspStaple: { stapled: null, status: null, thisUpdate: null, nextUpdate: null },
  };
}

/** An address that was asked for TLS and said in so many words that it has none: a finding, and nothing left open. */
export function addressWithoutTls(address: string, port: number, words: string): TlsAddressFacts {
  const off = (): TlsProtocolFacts => ({ offered: false, ciphers: [], complete: true, serverPreference: null });
  return {
    ...blankAddress(address, port),
    declined: words,
    protocols: Object.fromEntries(TLS_VERSIONS.map((version) => [version, off()])) as TlsAddressFacts['protocols'],
    groupsComplete: true,
    signatureAlgorithmsComplete: true,
    chainNote: words,
    trust: { trusted: null, code: null, reason: words },
  };
}
