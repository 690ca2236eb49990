import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleCertificate, exampleIntermediate, exampleTls } from '../../src/core/facts/examples-tls.ts';
import { fail, notApplicable, type Outcome, pass, unknown } from '../../src/core/outcome.ts';

const root = { selfSigned: true, subject: 'C=US, O=Example Trust, CN=Example Root', fingerprint: 'c3'.repeat(32) };
const untrusted = (code: string) => ({ trusted: false, code, reason: 'the issuer is neither sent nor known' });

export default defineCheck({
  id: 'tls.chain',
  title: 'The chain is complete, in order, and nothing else',
  category: 'tls',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'Browsers mend an incomplete or disordered chain; libraries, phones and other servers do not, and fail only there.',
  remediation:
    'Serve the certificate, then each issuer in turn, without the root (nginx: ssl_certificate with the fullchain.pem of your authority).',
  references: [
    'https://www.rfc-editor.org/rfc/rfc8446#section-4.4.2',
    'https://www.rfc-editor.org/rfc/rfc5246#section-7.4.2',
  ],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, ({ certificateChain, chainNote, trust }, name): Outcome[] => {
      const [leaf] = certificateChain;
      if (!leaf) return [unknown(name(), `no certificate could be read: ${chainNote ?? 'none was sent'}`)];
      if (leaf.selfSigned && certificateChain.length === 1)
        return [notApplicable('the certificate is self-signed: there is no chain', { subject: name() })];
      const path = [0];
      for (
        let next = leaf.issuedBy;
        next !== null && !path.includes(next);
        next = certificateChain[next]?.issuedBy ?? null
      )
        path.push(next);
      const outcomes: Outcome[] = [];
      const last = certificateChain[path.at(-1) ?? 0];
      const seen = certificateChain.map((one) => one.commonName ?? one.subject).join(' > ');
      if (trust.trusted === false && last && !last.selfSigned && /ISSUER|LEAF_SIGNATURE/.test(trust.code ?? ''))
        outcomes.push(
          fail(name('incomplete'), `the issuer of "${last.subject}" is missing, or its authority is unknown`, {
            seen,
            wanted: last.issuer,
          }),
        );
      if (path.some((position, index) => index > 0 && position < (path[index - 1] ?? 0)))
        outcomes.push(fail(name('order'), 'the certificates are not in the order of issue', { seen, severity: 'low' }));
      for (const [index, one] of certificateChain.entries()) {
        if (path.includes(index)) continue;
        const twice = certificateChain.findIndex((other) => other.fingerprint === one.fingerprint) < index;
        outcomes.push(
          fail(
            name(one.subject),
            twice ? `"${one.subject}" is sent twice` : `"${one.subject}" does not belong to the chain`,
            { seen, severity: 'low' },
          ),
        );
      }
      if (last?.selfSigned && path.length > 1)
        outcomes.push(fail(name('root'), 'the root is sent, which no client needs', { seen, severity: 'low' }));
      if (chainNote) outcomes.push(unknown(name(), chainNote));
      return outcomes.length > 0
        ? outcomes
        : [pass(`${certificateChain.length} certificates in order`, { subject: name(), seen })];
    });
  },
  examples: [
    { name: 'leaf and intermediate', facts: { tls: exampleTls() }, status: 'pass' },
    {
      name: 'the intermediate is missing',
      facts: {
        tls: exampleTls({
          certificateChain: [exampleCertificate()],
          trust: untrusted('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
        }),
      },
      status: 'fail',
      subjects: ['incomplete'],
    },
    {
      name: 'the root is sent',
      facts: {
        tls: exampleTls({
          certificateChain: [
            exampleCertificate({ issuedBy: 1 }),
            exampleIntermediate({ issuedBy: 2 }),
            exampleIntermediate(root),
          ],
        }),
      },
      status: 'fail',
      subjects: ['root'],
      severity: 'low',
    },
    {
      name: 'turned round',
      facts: {
        tls: exampleTls({
          certificateChain: [
            exampleCertificate({ issuedBy: 2 }),
            exampleIntermediate(root),
            exampleIntermediate({ issuedBy: 1 }),
          ],
        }),
      },
      status: 'fail',
      subjects: ['order', 'root'],
    },
    {
      name: 'a stranger',
      facts: {
        tls: exampleTls({
          certificateChain: [
            exampleCertificate({ issuedBy: 1 }),
            exampleIntermediate(),
            exampleIntermediate({ subject: 'CN=Other', fingerprint: 'd4'.repeat(32) }),
          ],
        }),
      },
      status: 'fail',
      subjects: ['CN=Other'],
    },
    {
      name: 'self-signed',
      facts: { tls: exampleTls({ certificateChain: [exampleCertificate({ selfSigned: true })] }) },
      status: 'not-applicable',
    },
  ],
});
