import { matchName } from '../../src/analysis/certificate-name.ts';
import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleCertificate, exampleTls } from '../../src/core/facts/examples-tls.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'tls.certificate-name',
  title: 'The certificate is for this name',
  category: 'tls',
  severity: 'critical',
  since: '0.1.0',
  rationale: 'A certificate for another name proves nothing about this server, and every client refuses it.',
  remediation: 'Have a certificate issued with this name as subjectAltName, or send the right one for it (SNI).',
  references: ['https://www.rfc-editor.org/rfc/rfc9525#section-6'],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, ({ certificateChain, chainNote }, name) => {
      const leaf = certificateChain[0];
      if (!leaf) return unknown(name(), `no certificate could be read: ${chainNote ?? 'none was sent'}`);
      const match = matchName(leaf, tls.serverName);
      if (match.matches) return pass(`the certificate is for ${tls.serverName}`, { subject: name(), seen: match.by });
      return fail(name(), `the certificate is not for ${tls.serverName}: ${match.why}`, { wanted: tls.serverName });
    });
  },
  examples: [
    { name: 'the name itself', facts: { tls: exampleTls() }, status: 'pass' },
    {
      name: 'a wildcard for one label',
      facts: {
        tls: exampleTls({
          certificateChain: [exampleCertificate({ names: { dns: ['*.example', '*.shop.example'], ip: [] } })],
        }),
      },
      status: 'fail',
    },
    {
      name: 'only as common name',
      facts: { tls: exampleTls({ certificateChain: [exampleCertificate({ names: { dns: [], ip: [] } })] }) },
      status: 'fail',
    },
  ],
});
