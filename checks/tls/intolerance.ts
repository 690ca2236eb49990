import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleFeatures, exampleTls } from '../../src/core/facts/examples-tls.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'tls.intolerance',
  title: 'Unknown values in a hello are ignored',
  category: 'tls',
  severity: 'low',
  since: '0.1.0',
  rationale:
    'A server that breaks on what it does not know breaks with every new client; browsers send such values on purpose (GREASE).',
  remediation: 'Update the TLS library or the middlebox in front of the server.',
  references: ['https://www.rfc-editor.org/rfc/rfc8701'],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, ({ features: { greaseTolerant } }, name) => {
      if (greaseTolerant === null) return unknown(name(), 'could not tell how unknown values are met');
      return greaseTolerant
        ? pass('a hello with unknown values is answered', { subject: name() })
        : fail(name(), 'a hello with unknown suites, groups or extensions is refused', {
            wanted: 'unknown values ignored (RFC 8701)',
          });
    });
  },
  examples: [
    { name: 'tolerant', facts: { tls: exampleTls() }, status: 'pass' },
    {
      name: 'intolerant',
      facts: { tls: exampleTls({ features: exampleFeatures({ greaseTolerant: false }) }) },
      status: 'fail',
    },
    {
      name: 'not told',
      facts: { tls: exampleTls({ features: exampleFeatures({ greaseTolerant: null }) }) },
      status: 'unknown',
    },
  ],
});
