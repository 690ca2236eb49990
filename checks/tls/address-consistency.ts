import { formatAddress } from '../../src/analysis/tls-addresses.ts';
import { differencesOf, referenceOf } from '../../src/analysis/tls-differences.ts';
import { defineCheck } from '../../src/core/check.ts';
import {
  exampleCertificate,
  exampleLostAddress,
  exampleProtocols,
  exampleTls,
  MODERN,
} from '../../src/core/facts/examples-tls.ts';
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
