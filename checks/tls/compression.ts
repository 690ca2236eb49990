import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { onlyTls13 } from '../../src/analysis/tls-suites.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleFeatures, exampleTls } from '../../src/core/facts/examples-tls.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'tls.compression',
  title: 'TLS compression is off',
  category: 'tls',
  severity: 'high',
  since: '0.1.0',
  rationale: 'Compressed length gives secrets away: CRIME reads session cookies out of compressed TLS.',
  remediation: 'Turn TLS compression off (Apache: SSLCompression off); current libraries are built without it.',
  references: ['https://www.rfc-editor.org/rfc/rfc9325#section-3.3', 'https://nvd.nist.gov/vuln/detail/CVE-2012-4929'],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, (address, name) => {
      const { compression } = address.features;
      if (onlyTls13(address)) return pass('TLS 1.3 has no compression', { subject: name() });
      if (compression === null) return unknown(name(), 'could not tell whether compression is accepted');
      return compression
        ? fail(name(), 'the server compresses (CRIME)', { seen: 'DEFLATE accepted', wanted: 'null compression only' })
        : pass('compression is refused', { subject: name() });
    });
  },
  examples: [
    { name: 'refused', facts: { tls: exampleTls() }, status: 'pass' },
    {
      name: 'accepted',
      facts: { tls: exampleTls({ features: exampleFeatures({ compression: true }) }) },
      status: 'fail',
    },
    {
      name: 'not told',
      facts: { tls: exampleTls({ features: exampleFeatures({ compression: null }) }) },
      status: 'unknown',
    },
  ],
});
