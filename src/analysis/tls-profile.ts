import type { TlsAddressFacts } from '../core/facts/tls.ts';
import type { Guideline } from '../knowledge/tls/mozilla-guidelines.ts';
import { offeredSuites, offeredVersions } from './tls-suites.ts';

const DAY = 86_400_000;

/** What an address has that a guideline does not allow; empty where it conforms, as far as could be told. */
export function differencesFrom(guideline: Guideline, address: TlsAddressFacts): string[] {
  const extra = (what: string, have: readonly string[], allowed: readonly string[]) => {
    const beyond = have.filter((one) => !allowed.includes(one));
    return beyond.length > 0 ? [`${what} beyond it: ${beyond.join(', ')}`] : [];
  };
  const suites = offeredSuites(address).map(({ suite }) => suite.name);
  return [
    ...extra('versions', offeredVersions(address), guideline.versions),
    ...(address.protocols['TLSv1.3'].offered === false ? ['TLS 1.3 is missing'] : []),
    ...extra('suites', suites, guideline.suites),
    ...extra('groups', address.groups, guideline.groups),
    ...address.dh
      .filter(({ bits }) => guideline.dhBits === null || bits < guideline.dhBits)
      .map(({ bits }) => `a ${bits}-bit DH prime`),
    ...[address.certificateChain, ...address.otherChains].flatMap((chain) => leafDifferences(guideline, chain)),
  ];
}

function leafDifferences(guideline: Guideline, [leaf]: TlsAddressFacts['certificateChain']): string[] {
  if (!leaf) return [];
  const { key } = leaf;
  const days = Math.ceil((leaf.notAfter - leaf.notBefore) / DAY);
  const found: string[] = [];
  if (!guideline.certificateTypes.includes(key.type)) found.push(`a certificate with a key of type ${key.type}`);
  else if (key.type === 'ec' && !guideline.certificateCurves.includes(key.curve ?? ''))
    found.push(`a certificate on ${key.curve}`);
  else if (key.type === 'rsa' && (key.bits ?? 0) < (guideline.rsaBits ?? 0))
    found.push(`an RSA key of ${key.bits} bits`);
  if (!guideline.certificateSignatures.includes(leaf.signatureAlgorithm))
    found.push(`a certificate signed with ${leaf.signatureAlgorithm}`);
  if (days > guideline.certificateDays) found.push(`a certificate for ${days} days`);
  return found;
}
