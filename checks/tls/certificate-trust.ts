import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleLostAddress, exampleTls } from '../../src/core/facts/examples-tls.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'tls.certificate-trust',
  title: 'The certificate chains to a trusted root',
  category: 'tls',
  severity: 'critical',
  since: '0.1.0',
  rationale:
    'Clients refuse an untrusted certificate, or people learn to click the warning away and can then be deceived by anybody on the way.',
  remediation:
    'Serve a certificate of an authority that your clients trust, with all intermediates (nginx: ssl_certificate fullchain.pem). For a private authority give its root with --ca or the target\'s "ca".',
  references: [
    'https://www.rfc-editor.org/rfc/rfc5280#section-6',
    'https://www.rfc-editor.org/rfc/rfc8446#section-4.4.2',
  ],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, ({ trust, certificateChain }, name) => {
      const leaf = certificateChain[0];
      if (trust.trusted === null) return unknown(name(), `could not verify the chain: ${trust.reason}`);
      if (trust.trusted) return pass(trust.reason, { subject: name(), ...(leaf ? { seen: leaf.issuer } : {}) });
      return fail(name(), `the certificate is not trusted: ${trust.reason}`, {
        ...(leaf ? { seen: `issued by ${leaf.issuer}` } : {}),
        details: { code: trust.code },
      });
    });
  },
  examples: [
    { name: 'a public authority', facts: { tls: exampleTls() }, status: 'pass' },
    {
      name: 'self-signed',
      facts: {
        tls: exampleTls({
          trust: { trusted: false, code: 'DEPTH_ZERO_SELF_SIGNED_CERT', reason: 'the certificate is self-signed' },
        }),
      },
      status: 'fail',
    },
    {
      name: 'one of two addresses did not answer',
      facts: { tls: exampleTls({}, exampleLostAddress('2001:db8::7')) },
      status: 'unknown',
      subjects: ['[2001:db8::7]:443'],
    },
  ],
});
