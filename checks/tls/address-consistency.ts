import { formatAddress } from '../../src/analysis/tls-addresses.ts';
import { defineCheck } from '../../src/core/check.ts';
import {
  exampleCertificate,
  exampleLostAddress,
  exampleProtocols,
  exampleTls,
  MODERN,
} from '../../src/core/facts/examples-tls.ts';
import { TLS_VERSIONS, type TlsAddressFacts } from '../../src/core/facts/tls.ts';
import { fail, notApplicable, type Outcome, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

const stale = {
  certificateChain: [
    exampleCertificate({ fingerprint: 'ee'.repeat(32), notBefore: Date.parse('2026-07-01T00:00:00Z') }),
  ],
};

export default defineCheck({
  id: 'tls.address-consistency',
  title: 'Every address serves the same',
  category: 'tls',
  severity: 'high',
  since: '0.1.0',
  rationale:
    'One node that missed the renewal or the new configuration fails for a part of the users, and no single test shows it.',
  remediation:
    'Bring the address that differs to the state of the others: deploy the certificate and the TLS configuration, and reload.',
  references: ['https://www.rfc-editor.org/rfc/rfc9325'],
  needs: ['tls'],
  evaluate({ tls }) {
    const looked = tls.addresses.filter((one) => one.absence === null);
    const lost = tls.addresses
      .filter((one) => one.absence !== null)
      .map((one) => unknown(formatAddress(one), `could not look: ${one.absence?.reason}`));
    const reference = referenceOf(looked);
    if (tls.addresses.length === 1 || !reference)
      return outcomesOr(
        lost.length > 0 && tls.addresses.length > 1 ? lost : [],
        notApplicable('there is only one address'),
      );
    const outcomes = looked.flatMap((one): Outcome[] => {
      const differences = differencesOf(reference, one);
      if (differences.length === 0) return [];
      return [
        fail(
          formatAddress(one),
          `this address differs from ${formatAddress(reference)}: ${differences.map((each) => each.what).join(', ')}`,
          {
            seen: differences.map((each) => each.seen).join('; '),
            wanted: differences.map((each) => each.wanted).join('; '),
          },
        ),
      ];
    });
    return outcomesOr(
      [...outcomes, ...lost],
      pass(`${looked.length} addresses serve the same certificate, protocols and suites`),
    );
  },
  examples: [
    { name: 'two alike', facts: { tls: exampleTls({}, { address: '198.51.100.8' }) }, status: 'pass' },
    {
      name: 'one with the old certificate',
      facts: { tls: exampleTls({}, { address: '198.51.100.8', ...stale }, { address: '198.51.100.9' }) },
      status: 'fail',
      subjects: ['198.51.100.8:443'],
    },
    {
      name: 'of two, the older certificate is the stale one',
      facts: { tls: exampleTls(stale, { address: '2001:db8::8' }) },
      status: 'fail',
      subjects: ['198.51.100.7:443'],
    },
    {
      name: 'an older protocol on one',
      facts: {
        tls: exampleTls(
          {},
          {},
          {
            address: '198.51.100.8',
            protocols: exampleProtocols({ ...MODERN, 'TLSv1.0': ['TLS_RSA_WITH_AES_128_CBC_SHA'] }),
          },
        ),
      },
      status: 'fail',
      subjects: ['198.51.100.8:443'],
    },
    {
      name: 'one did not answer',
      facts: { tls: exampleTls({}, exampleLostAddress('2001:db8::8')) },
      status: 'unknown',
    },
    { name: 'a single address', facts: { tls: exampleTls() }, status: 'not-applicable' },
  ],
});

interface Difference {
  what: string;
  seen: string;
  wanted: string;
}

/** The address that most others equal; among equals the one with the newest certificate. */
function referenceOf(addresses: readonly TlsAddressFacts[]): TlsAddressFacts | undefined {
  const like = (one: TlsAddressFacts) => addresses.filter((other) => differencesOf(one, other).length === 0).length;
  const newest = (one: TlsAddressFacts) => one.certificateChain[0]?.notBefore ?? 0;
  return [...addresses].sort((a, b) => like(b) - like(a) || newest(b) - newest(a))[0];
}

function differencesOf(reference: TlsAddressFacts, other: TlsAddressFacts): Difference[] {
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
