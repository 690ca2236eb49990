import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { onlyTls13 } from '../../src/analysis/tls-suites.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleFeatures, exampleTls } from '../../src/core/facts/examples-tls.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'tls.ems',
  title: 'Sessions are bound to their handshake (extended master secret)',
  category: 'tls',
  severity: 'low',
  since: '0.1.0',
  rationale:
    'Without it two sessions can be made to share their keys, which breaks what is bound to a session (triple handshake attack).',
  remediation: 'Update the TLS library (OpenSSL 1.1.0 or newer).',
  references: ['https://www.rfc-editor.org/rfc/rfc7627', 'https://www.rfc-editor.org/rfc/rfc9325#section-3.4'],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, (address, name) => {
      const { extendedMasterSecret } = address.features;
      if (onlyTls13(address)) return pass('TLS 1.3 always binds sessions to their handshake', { subject: name() });
      if (extendedMasterSecret === null)
        return unknown(name(), 'could not tell whether the extended master secret is supported');
      return extendedMasterSecret
        ? pass('the extended master secret is supported', { subject: name() })
        : fail(name(), 'the extended master secret is not supported', { wanted: 'extended_master_secret (RFC 7627)' });
    });
  },
  examples: [
    { name: 'supported', facts: { tls: exampleTls() }, status: 'pass' },
    {
      name: 'not supported',
      facts: { tls: exampleTls({ features: exampleFeatures({ extendedMasterSecret: false }) }) },
      status: 'fail',
    },
    {
      name: 'not told',
      facts: { tls: exampleTls({ features: exampleFeatures({ extendedMasterSecret: null }) }) },
      status: 'unknown',
    },
  ],
});
