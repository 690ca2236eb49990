import { TLS_VERSIONS, type TlsAddressFacts, type TlsVersion } from '../core/facts/tls.ts';
import { type Outcome, unknown } from '../core/outcome.ts';
import { type CipherSuite, suiteByName } from '../knowledge/tls/cipher-suites.ts';
import type { Naming } from './tls-addresses.ts';

/** A suite that an address offers, with the versions that carry it. */
export interface OfferedSuite {
  suite: CipherSuite;
  versions: TlsVersion[];
}

/** Every suite once, in the order of the newest version that has it. */
export function offeredSuites(address: TlsAddressFacts): OfferedSuite[] {
  const byName = new Map<string, OfferedSuite>();
  for (const version of [...TLS_VERSIONS].reverse()) {
    for (const name of address.protocols[version].ciphers) {
      const known = byName.get(name);
      if (known) known.versions.push(version);
      else byName.set(name, { suite: suiteByName(name), versions: [version] });
    }
  }
  return [...byName.values()];
}

/** Versions whose suites are not all known; a verdict that nothing bad is offered cannot rest on them. */
export function untoldVersions(address: TlsAddressFacts): TlsVersion[] {
  return TLS_VERSIONS.filter((version) => {
    const { offered, complete } = address.protocols[version];
    return offered === null || (offered && !complete);
  });
}

/** The versions that are offered for certain. */
export function offeredVersions(address: TlsAddressFacts): TlsVersion[] {
  return TLS_VERSIONS.filter((version) => address.protocols[version].offered);
}

/** True where TLS 1.3 is all that is offered, so that questions about older versions do not arise. */
export function onlyTls13(address: TlsAddressFacts): boolean {
  return TLS_VERSIONS.every((version) => address.protocols[version].offered === (version === 'TLSv1.3'));
}

/** Ephemeral key exchange: a key stolen later opens nothing that was recorded before. */
export function isForwardSecret(suite: CipherSuite): boolean {
  return suite.keyExchange === 'tls13' || suite.keyExchange === 'ecdhe' || suite.keyExchange === 'dhe';
}

/** `outcomes` where there are any; else what stands for "none found", which needs that everything could be told. */
export function noneFound(
  address: TlsAddressFacts,
  name: Naming,
  outcomes: readonly Outcome[],
  fine: Outcome,
): readonly Outcome[] {
  const untold = untoldVersions(address);
  if (untold.length === 0) return outcomes.length > 0 ? outcomes : [fine];
  return [...outcomes, unknown(name(), `could not tell all suites of ${untold.join(', ')}`)];
}
