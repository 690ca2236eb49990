import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { onlyTls13 } from '../../src/analysis/tls-suites.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleFeatures, exampleTls } from '../../src/core/facts/examples-tls.ts';
import { fail, type Outcome, pass, unknown } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'tls.renegotiation',
  title: 'Renegotiation is secure and not for clients to start',
  category: 'tls',
  severity: 'high',
  since: '0.1.0',
  rationale:
    "Without RFC 5746 somebody on the way can put their own request in front of a user's. A renegotiation that clients may start costs the server far more than the client.",
  remediation:
    'Update the TLS library (OpenSSL 0.9.8m or newer has RFC 5746) and turn client-initiated renegotiation off.',
  references: [
    'https://www.rfc-editor.org/rfc/rfc5746',
    'https://www.rfc-editor.org/rfc/rfc9325#section-3.5',
    'https://nvd.nist.gov/vuln/detail/CVE-2009-3555',
  ],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, (address, name): Outcome[] => {
      const { secureRenegotiation, clientRenegotiation } = address.features;
      if (onlyTls13(address)) return [pass('TLS 1.3 has no renegotiation', { subject: name() })];
      const outcomes: Outcome[] = [];
      if (secureRenegotiation === null)
        outcomes.push(unknown(name(), 'could not tell whether renegotiation is secure (RFC 5746)'));
      if (secureRenegotiation === false)
        outcomes.push(
          fail(name('secure renegotiation'), 'the server does not support secure renegotiation', {
            wanted: 'renegotiation_info (RFC 5746)',
          }),
        );
      if (clientRenegotiation)
        outcomes.push(
          fail(name('client-initiated renegotiation'), 'the server lets clients start a renegotiation', {
            severity: 'medium',
          }),
        );
      if (clientRenegotiation === null)
        outcomes.push(unknown(name('client-initiated renegotiation'), 'could not try a renegotiation'));
      return outcomes.length > 0 ? outcomes : [pass('secure, and refused to clients', { subject: name() })];
    });
  },
  examples: [
    { name: 'secure, refused to clients', facts: { tls: exampleTls() }, status: 'pass' },
    {
      name: 'insecure',
      facts: { tls: exampleTls({ features: exampleFeatures({ secureRenegotiation: false }) }) },
      status: 'fail',
      severity: 'high',
    },
    {
      name: 'started by the client',
      facts: { tls: exampleTls({ features: exampleFeatures({ clientRenegotiation: true }) }) },
      status: 'fail',
      severity: 'medium',
    },
    {
      name: 'could not be tried',
      facts: { tls: exampleTls({ features: exampleFeatures({ clientRenegotiation: null }) }) },
      status: 'unknown',
    },
  ],
});
