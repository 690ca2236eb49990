import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleFeatures, exampleTls } from '../../src/core/facts/examples-tls.ts';
import { fail, notApplicable, pass, unknown } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'tls.alpn',
  title: 'HTTP/2 is negotiated',
  category: 'tls',
  severity: 'info',
  since: '0.1.0',
  rationale:
    'HTTP/2 saves connections and round trips; ALPN also protects against confusing one protocol with another (ALPACA).',
  remediation: 'Turn HTTP/2 on (nginx: http2 on; Apache: Protocols h2 http/1.1).',
  references: ['https://www.rfc-editor.org/rfc/rfc7301', 'https://www.rfc-editor.org/rfc/rfc9325#section-3.7'],
  needs: ['tls'],
  evaluate({ tls }, { target }) {
    if (target.kind === 'endpoint' && target.protocol !== 'https')
      return notApplicable('this endpoint does not speak HTTP');
    return eachAddress(tls, ({ features: { alpn } }, name) => {
      if (alpn === null) return unknown(name(), 'could not tell which protocols are negotiated');
      return alpn.includes('h2')
        ? pass('HTTP/2 is negotiated', { subject: name(), seen: alpn.join(', ') })
        : fail(name(), 'HTTP/2 is not negotiated', { seen: alpn.join(', ') || 'no protocol negotiated', wanted: 'h2' });
    });
  },
  examples: [
    { name: 'h2', facts: { tls: exampleTls() }, status: 'pass' },
    {
      name: 'HTTP/1.1 only',
      facts: { tls: exampleTls({ features: exampleFeatures({ alpn: ['http/1.1'] }) }) },
      status: 'fail',
    },
    { name: 'not told', facts: { tls: exampleTls({ features: exampleFeatures({ alpn: null }) }) }, status: 'unknown' },
    {
      name: 'a mail server',
      facts: { tls: exampleTls() },
      target: { kind: 'endpoint', protocol: 'tls' },
      status: 'not-applicable',
    },
  ],
});
