import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleCertificate, exampleTls } from '../../src/core/facts/examples-tls.ts';
import type { TlsAddressFacts } from '../../src/core/facts/tls.ts';
import { fail, notApplicable, pass, unknown } from '../../src/core/outcome.ts';

const chain = (mustStaple = false) => [exampleCertificate({ ocsp: ['http://ocsp.example/'], mustStaple })];
const stapled: TlsAddressFacts['ocspStaple'] = {
  stapled: true,
  status: 'good',
  thisUpdate: Date.parse('2026-10-30T00:00:00Z'),
  nextUpdate: Date.parse('2026-11-06T00:00:00Z'),
};
const none: TlsAddressFacts['ocspStaple'] = { stapled: false, status: null, thisUpdate: null, nextUpdate: null };

export default defineCheck({
  id: 'tls.ocsp-stapling',
  title: 'Proof of non-revocation is stapled where there is any',
  category: 'tls',
  severity: 'critical',
  since: '0.1.0',
  rationale:
    'A stapled answer spares clients a request that is slow and tells the authority who visits. A certificate that demands one is refused without it. Certificates without a responder (most, since 2025) need none.',
  remediation:
    'Turn stapling on (nginx: ssl_stapling on; ssl_stapling_verify on; with a resolver) and see that the server can reach the responder.',
  references: [
    'https://www.rfc-editor.org/rfc/rfc6066#section-8',
    'https://www.rfc-editor.org/rfc/rfc7633',
    'https://letsencrypt.org/2024/12/05/ending-ocsp/',
  ],
  needs: ['tls'],
  evaluate({ tls }, { now }) {
    return eachAddress(tls, ({ ocspStaple, certificateChain: [leaf] }, name) => {
      if (ocspStaple.status === 'revoked')
        return fail(name(), 'the stapled answer says that the certificate is revoked');
      if (ocspStaple.stapled && ocspStaple.nextUpdate !== null && ocspStaple.nextUpdate <= now)
        return fail(name(), 'the stapled answer has run out', {
          severity: leaf?.mustStaple ? 'high' : 'medium',
          seen: `valid until ${new Date(ocspStaple.nextUpdate).toISOString()}`,
        });
      if (ocspStaple.stapled)
        return pass('an OCSP answer is stapled', {
          subject: name(),
          ...(ocspStaple.status ? { seen: ocspStaple.status } : {}),
        });
      if (!leaf) return unknown(name(), 'no certificate could be read');
      if (leaf.ocsp.length === 0 && !leaf.mustStaple)
        return notApplicable('the certificate names no OCSP responder', { subject: name() });
      if (ocspStaple.stapled === null) return unknown(name(), 'could not tell whether an answer is stapled');
      return leaf.mustStaple
        ? fail(name(), 'the certificate demands a staple and the server sends none', {
            severity: 'high',
            wanted: 'OCSP staple (RFC 7633)',
          })
        : fail(name(), 'no OCSP answer is stapled', { severity: 'low', seen: `responder ${leaf.ocsp[0]}` });
    });
  },
  examples: [
    { name: 'stapled', facts: { tls: exampleTls({ certificateChain: chain(), ocspStaple: stapled }) }, status: 'pass' },
    {
      name: 'a responder, but no staple',
      facts: { tls: exampleTls({ certificateChain: chain(), ocspStaple: none }) },
      status: 'fail',
      severity: 'low',
    },
    { name: 'no responder to ask', facts: { tls: exampleTls() }, status: 'not-applicable' },
    {
      name: 'must-staple without a staple',
      facts: { tls: exampleTls({ certificateChain: chain(true), ocspStaple: none }) },
      status: 'fail',
      severity: 'high',
    },
    {
      name: 'revoked',
      facts: { tls: exampleTls({ certificateChain: chain(), ocspStaple: { ...stapled, status: 'revoked' } }) },
      status: 'fail',
      severity: 'critical',
    },
    {
      name: 'run out',
      facts: {
        tls: exampleTls({
          certificateChain: chain(),
          ocspStaple: { ...stapled, nextUpdate: Date.parse('2026-10-31T00:00:00Z') },
        }),
      },
      status: 'fail',
      severity: 'medium',
    },
  ],
});
