import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleProtocols, exampleTls, MODERN } from '../../src/core/facts/examples-tls.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

const unsure = { offered: null, ciphers: [], complete: false, serverPreference: null };

export default defineCheck({
  id: 'tls.tls13',
  title: 'TLS 1.3 is offered',
  category: 'tls',
  severity: 'low',
  since: '0.1.0',
  rationale:
    'TLS 1.3 is faster by a round trip, hides the certificate from onlookers, and is what post-quantum key exchange needs.',
  remediation: 'Allow TLS 1.3 (nginx: ssl_protocols TLSv1.2 TLSv1.3; OpenSSL 1.1.1 or newer).',
  references: ['https://www.rfc-editor.org/rfc/rfc8446', 'https://www.rfc-editor.org/rfc/rfc9325#section-3.1.1'],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, ({ protocols }, name) => {
      const { offered } = protocols['TLSv1.3'];
      if (offered === null) return unknown(name(), 'could not tell whether TLS 1.3 is offered');
      return offered
        ? pass('TLS 1.3 is offered', { subject: name() })
        : fail(name(), 'TLS 1.3 is not offered', { wanted: 'TLSv1.3' });
    });
  },
  examples: [
    { name: 'offered', facts: { tls: exampleTls() }, status: 'pass' },
    {
      name: 'TLS 1.2 only',
      facts: { tls: exampleTls({ protocols: exampleProtocols({ 'TLSv1.2': MODERN['TLSv1.2'] ?? [] }) }) },
      status: 'fail',
    },
    {
      name: 'the answer was lost',
      facts: { tls: exampleTls({ protocols: exampleProtocols(MODERN, { 'TLSv1.3': unsure }) }) },
      status: 'unknown',
    },
  ],
});
