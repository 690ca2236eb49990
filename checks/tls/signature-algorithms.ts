import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleProtocols, exampleTls, MODERN } from '../../src/core/facts/examples-tls.ts';
import { fail, notApplicable, type Outcome, pass, unknown } from '../../src/core/outcome.ts';
import { isWeakScheme } from '../../src/knowledge/tls/signature-schemes.ts';

export default defineCheck({
  id: 'tls.signature-algorithms',
  title: 'The key exchange is not signed with MD5 or SHA-1',
  category: 'tls',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'A signature over a hash with collisions can be prepared beforehand, and with it a server impersonated (SLOTH).',
  remediation:
    'Leave SHA-1 and MD5 out (OpenSSL: SignatureAlgorithms without SHA1 in openssl.cnf, or SECLEVEL 2 in current versions).',
  references: ['https://www.rfc-editor.org/rfc/rfc9155', 'https://www.mitls.org/pages/attacks/SLOTH'],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, ({ signatureAlgorithms, signatureAlgorithmsComplete, protocols }, name): Outcome[] => {
      const weak = signatureAlgorithms.filter(isWeakScheme);
      if (weak.length > 0)
        return weak.map((one) =>
          fail(name(one), `the server signs with ${one}`, { seen: signatureAlgorithms.join(', ') }),
        );
      // RFC 8446 4.2.3: in TLS 1.3 handshakes these cannot be used; before 1.2 nothing else could.
      if (protocols['TLSv1.2'].offered === false)
        return [notApplicable('TLS 1.2, where the scheme is a choice, is not offered', { subject: name() })];
      return [
        signatureAlgorithmsComplete
          ? pass('no weak signature scheme is used', { subject: name(), seen: signatureAlgorithms.join(', ') })
          : unknown(name(), 'could not ask for every signature scheme'),
      ];
    });
  },
  examples: [
    { name: 'SHA-256', facts: { tls: exampleTls() }, status: 'pass' },
    {
      name: 'SHA-1 on request',
      facts: { tls: exampleTls({ signatureAlgorithms: ['rsa_pkcs1_sha256', 'rsa_pkcs1_sha1'] }) },
      status: 'fail',
      subjects: ['rsa_pkcs1_sha1'],
    },
    {
      name: 'TLS 1.3 only',
      facts: {
        tls: exampleTls({
          protocols: exampleProtocols({ 'TLSv1.3': MODERN['TLSv1.3'] ?? [] }),
          signatureAlgorithms: [],
          signatureAlgorithmsComplete: false,
        }),
      },
      status: 'not-applicable',
    },
    {
      name: 'answers were lost',
      facts: { tls: exampleTls({ signatureAlgorithmsComplete: false }) },
      status: 'unknown',
    },
  ],
});
