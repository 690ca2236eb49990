import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleCertificate, exampleIntermediate, exampleTls } from '../../src/core/facts/examples-tls.ts';
import { fail, type Outcome, pass, unknown } from '../../src/core/outcome.ts';

const BROKEN = new Set(['md2', 'md4', 'md5', 'sha0']);

export default defineCheck({
  id: 'tls.certificate-signature',
  title: 'Certificates are not signed with MD5 or SHA-1',
  category: 'tls',
  severity: 'critical',
  since: '0.1.0',
  rationale:
    'Where two documents with one hash can be made, a certificate can be forged. Clients refuse such signatures.',
  remediation:
    'Have the certificate reissued with SHA-256 or better, and serve the current intermediates of your authority.',
  references: [
    'https://www.rfc-editor.org/rfc/rfc9155',
    'https://shattered.io/',
    'https://cabforum.org/working-groups/server/baseline-requirements/requirements/ (7.1.3.2)',
  ],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, ({ certificateChain, chainNote }, name): Outcome[] => {
      if (certificateChain.length === 0)
        return [unknown(name(), `no certificate could be read: ${chainNote ?? 'none was sent'}`)];
      const outcomes = certificateChain.flatMap((one, index): Outcome[] => {
        // A root is trusted for being known, not for its signature.
        if (one.selfSigned && index > 0) return [];
        const hash = one.signatureHash;
        if (hash === null || (!BROKEN.has(hash) && hash !== 'sha1')) return [];
        return [
          fail(
            name(index === 0 ? '' : one.subject),
            `${index === 0 ? 'the certificate' : 'an intermediate'} is signed with ${one.signatureAlgorithm}`,
            {
              seen: one.signatureAlgorithm,
              wanted: 'SHA-256 or better',
              severity: BROKEN.has(hash) ? 'critical' : 'high',
            },
          ),
        ];
      });
      const seen = certificateChain[0]?.signatureAlgorithm ?? '';
      return outcomes.length > 0 ? outcomes : [pass(`signed with ${seen}`, { subject: name(), seen })];
    });
  },
  examples: [
    { name: 'SHA-384', facts: { tls: exampleTls() }, status: 'pass' },
    {
      name: 'SHA-1',
      facts: {
        tls: exampleTls({
          certificateChain: [
            exampleCertificate({ signatureAlgorithm: 'sha1WithRSAEncryption', signatureHash: 'sha1' }),
          ],
        }),
      },
      status: 'fail',
      severity: 'high',
    },
    {
      name: 'an MD5 intermediate',
      facts: {
        tls: exampleTls({
          certificateChain: [
            exampleCertificate(),
            exampleIntermediate({ signatureAlgorithm: 'md5WithRSAEncryption', signatureHash: 'md5' }),
          ],
        }),
      },
      status: 'fail',
      severity: 'critical',
      subjects: ['C=US, O=Example Trust, CN=Example Trust E1'],
    },
    {
      name: "a root's own signature does not matter",
      facts: {
        tls: exampleTls({
          certificateChain: [
            exampleCertificate(),
            exampleIntermediate({
              selfSigned: true,
              signatureAlgorithm: 'sha1WithRSAEncryption',
              signatureHash: 'sha1',
            }),
          ],
        }),
      },
      status: 'pass',
    },
  ],
});
