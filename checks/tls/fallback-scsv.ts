import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { offeredVersions, untoldVersions } from '../../src/analysis/tls-suites.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleFeatures, exampleProtocols, exampleTls, MODERN } from '../../src/core/facts/examples-tls.ts';
import { fail, notApplicable, pass, unknown } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'tls.fallback-scsv',
  title: 'A forced downgrade is noticed',
  category: 'tls',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'Clients that retry with an older version after a failure can be pushed down by anybody who breaks connections; the fallback signal lets the server refuse.',
  remediation: 'Update the TLS library (OpenSSL 1.0.1j or newer), or offer one version only.',
  references: ['https://www.rfc-editor.org/rfc/rfc7507', 'https://www.rfc-editor.org/rfc/rfc9325#section-3.1.3'],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, (address, name) => {
      const { fallbackScsv } = address.features;
      if (fallbackScsv) return pass('a hello that says it was downgraded is refused', { subject: name() });
      if (fallbackScsv === false)
        return fail(name(), 'a hello that says it was downgraded is accepted', {
          wanted: 'alert inappropriate_fallback',
        });
      const versions = offeredVersions(address).filter((version) => version !== 'SSLv2');
      if (versions.length === 1 && untoldVersions(address).length === 0)
        return notApplicable(`only ${versions[0]} is offered: there is nothing to fall back to`, { subject: name() });
      return unknown(name(), 'could not tell how a downgraded hello is met');
    });
  },
  examples: [
    { name: 'refused', facts: { tls: exampleTls() }, status: 'pass' },
    {
      name: 'accepted',
      facts: { tls: exampleTls({ features: exampleFeatures({ fallbackScsv: false }) }) },
      status: 'fail',
    },
    {
      name: 'one version only',
      facts: {
        tls: exampleTls({
          protocols: exampleProtocols({ 'TLSv1.3': MODERN['TLSv1.3'] ?? [] }),
          features: exampleFeatures({ fallbackScsv: null }),
        }),
      },
      status: 'not-applicable',
    },
    {
      name: 'the answer was lost',
      facts: { tls: exampleTls({ features: exampleFeatures({ fallbackScsv: null }) }) },
      status: 'unknown',
    },
  ],
});
