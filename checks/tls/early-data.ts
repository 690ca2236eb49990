import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleFeatures, exampleProtocols, exampleTls, MODERN } from '../../src/core/facts/examples-tls.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'tls.early-data',
  title: 'Early data is off',
  category: 'tls',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'Whoever records early data (0-RTT) can send it again: a request that moves money or places an order then runs twice, unless the application knows of it and defends itself.',
  remediation:
    'Turn it off (nginx: ssl_early_data off; HAProxy: no allow-0rtt), or have the application answer 425 to early requests that change something (RFC 8470) and waive this finding.',
  references: ['https://www.rfc-editor.org/rfc/rfc8446#section-8', 'https://www.rfc-editor.org/rfc/rfc8470'],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, ({ features: { earlyData }, protocols }, name) => {
      if (protocols['TLSv1.3'].offered === false) return pass('no early data without TLS 1.3', { subject: name() });
      if (earlyData === null) return unknown(name(), 'no session of TLS 1.3 could be had to read it from');
      if (earlyData === 0) return pass('sessions allow no early data', { subject: name() });
      return fail(name(), 'the server takes early data, which can be replayed', {
        seen: `up to ${earlyData} bytes`,
        wanted: 'none',
      });
    });
  },
  examples: [
    { name: 'off', facts: { tls: exampleTls() }, status: 'pass' },
    {
      name: 'on',
      facts: { tls: exampleTls({ features: exampleFeatures({ earlyData: 16_384 }) }) },
      status: 'fail',
    },
    {
      name: 'TLS 1.2 only',
      facts: {
        tls: exampleTls({
          protocols: exampleProtocols({ 'TLSv1.2': MODERN['TLSv1.2'] ?? [] }),
          features: exampleFeatures({ earlyData: null }),
        }),
      },
      status: 'pass',
    },
    {
      name: 'no handshake',
      facts: { tls: exampleTls({ features: exampleFeatures({ earlyData: null }) }) },
      status: 'unknown',
    },
  ],
});
