import { TLS_VERSIONS, type TlsAddressFacts } from '../core/facts/tls.ts';

/** One thing in which an address differs from the one it is compared with. */
export interface Difference {
  what: string;
  seen: string;
  wanted: string;
}

/** The address that most others equal; among equals the one with the newest certificate. */
export function referenceOf(addresses: readonly TlsAddressFacts[]): TlsAddressFacts | undefined {
  const like = (one: TlsAddressFacts) => addresses.filter((other) => differencesOf(one, other).length === 0).length;
  const newest = (one: TlsAddressFacts) => one.certificateChain[0]?.notBefore ?? 0;
  return [...addresses].sort((a, b) => like(b) - like(a) || newest(b) - newest(a))[0];
}

/** What differs for certain; what could not be told is no difference. */
export function differencesOf(reference: TlsAddressFacts, other: TlsAddressFacts): Difference[] {
  const differences: Difference[] = [];
  const [wanted, seen] = [reference.certificateChain[0], other.certificateChain[0]];
  if (wanted && seen && wanted.fingerprint !== seen.fingerprint && !sameSet(reference, other))
    differences.push({ what: 'certificate', seen: describe(seen), wanted: describe(wanted) });
  for (const version of TLS_VERSIONS) {
    const [good, own] = [reference.protocols[version], other.protocols[version]];
    // What could not be told is no difference.
    if (good.offered === null || own.offered === null) continue;
    if (good.offered !== own.offered) {
      differences.push({
        what: version,
        seen: `${version} ${own.offered ? 'on' : 'off'}`,
        wanted: `${version} ${good.offered ? 'on' : 'off'}`,
      });
    } else if (good.complete && own.complete) {
      const more = own.ciphers.filter((one) => !good.ciphers.includes(one));
      const less = good.ciphers.filter((one) => !own.ciphers.includes(one));
      if (more.length + less.length > 0)
        differences.push({
          what: `suites of ${version}`,
          seen: `${more.join(', ') || 'none'} more`,
          wanted: `${less.join(', ') || 'none'} more`,
        });
    }
  }
  return differences;
}

/** Several certificates, of which now the one, now the other came first, are no difference. */
function sameSet(a: TlsAddressFacts, b: TlsAddressFacts): boolean {
  const leaves = (one: TlsAddressFacts) =>
    [one.certificateChain, ...one.otherChains]
      .map((chain) => chain[0]?.fingerprint)
      .sort()
      .join();
  return leaves(a) === leaves(b);
}

function describe({ fingerprint, notAfter }: { fingerprint: string; notAfter: number }): string {
  return `certificate ${fingerprint.slice(0, 16)} until ${new Date(notAfter).toISOString().slice(0, 10)}`;
}
