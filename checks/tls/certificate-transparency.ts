import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { onlyTls13 } from '../../src/analysis/tls-suites.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleCertificate, exampleTls } from '../../src/core/facts/examples-tls.ts';
import { fail, notApplicable, pass, unknown } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'tls.certificate-transparency',
  title: 'The certificate is in two transparency logs',
  category: 'tls',
  severity: 'low',
  since: '0.1.0',
  rationale:
    'Chrome and Safari refuse public certificates that are not logged, and a log is where you learn of certificates that you did not ask for.',
  remediation:
    'Have the certificate reissued by an authority that embeds the timestamps of two logs; all public ones do by default.',
  references: [
    'https://www.rfc-editor.org/rfc/rfc6962',
    'https://googlechrome.github.io/CertificateTransparency/ct_policy.html',
  ],
  needs: ['tls'],
  evaluate({ tls }, { target }) {
    if (target.kind === 'endpoint' && target.ca?.length)
      return notApplicable('certificates of a private authority are not logged');
    return eachAddress(tls, (address, name) => {
      const {
        certificateChain: [leaf],
        trust,
        deliveredScts,
      } = address;
      if (!leaf) return unknown(name(), 'no certificate could be read');
      if (trust.trusted === false)
        return notApplicable('only publicly trusted certificates are logged', { subject: name() });
      const logs = new Set([...leaf.scts, ...deliveredScts].map((sct) => sct.log)).size;
      if (logs < 2 && onlyTls13(address))
        return unknown(
          name(),
          'the certificate carries too few timestamps; those that TLS 1.3 sends beside it cannot be read',
        );
      return logs >= 2
        ? pass(`timestamps of ${logs} logs`, { subject: name() })
        : fail(name(), `certificate, handshake and staple carry timestamps of ${logs} logs`, {
            seen: `${logs} logs`,
            wanted: 'at least 2 logs',
          });
    });
  },
  examples: [
    { name: 'two logs', facts: { tls: exampleTls() }, status: 'pass' },
    {
      name: 'none',
      facts: { tls: exampleTls({ certificateChain: [exampleCertificate({ scts: [] })] }) },
      status: 'fail',
    },
    {
      name: 'none in the certificate, two beside it',
      facts: {
        tls: exampleTls({
          certificateChain: [exampleCertificate({ scts: [] })],
          deliveredScts: [
            { log: 'aa', at: 1, by: 'tls' },
            { log: 'bb', at: 1, by: 'ocsp' },
          ],
        }),
      },
      status: 'pass',
    },
    {
      name: 'one log twice',
      facts: {
        tls: exampleTls({
          certificateChain: [
            exampleCertificate({
              scts: [
                { log: 'aa', at: 1 },
                { log: 'aa', at: 2 },
              ],
            }),
          ],
        }),
      },
      status: 'fail',
    },
  ],
});
