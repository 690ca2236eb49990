import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleTls } from '../../src/core/facts/examples-tls.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';
import { groupByName } from '../../src/knowledge/tls/groups.ts';

export default defineCheck({
  id: 'tls.post-quantum',
  title: 'Key exchange resists quantum computers',
  category: 'tls',
  severity: 'info',
  since: '0.1.0',
  rationale:
    'Traffic recorded today can be opened once large quantum computers exist; a hybrid key exchange closes that door now, and browsers use it already.',
  remediation:
    'Use OpenSSL 3.5 or newer, or another library with ML-KEM, and put X25519MLKEM768 first (nginx: ssl_ecdh_curve X25519MLKEM768:X25519:prime256v1).',
  references: [
    'https://datatracker.ietf.org/doc/draft-ietf-tls-ecdhe-mlkem/',
    'https://nvlpubs.nist.gov/nistpubs/FIPS/NIST.FIPS.203.pdf',
  ],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, ({ groups, groupsComplete, protocols }, name) => {
      const found = groups.filter(
        (one) => /^(hybrid|kem)$/.test(groupByName(one)?.kind ?? '') && !one.includes('Kyber'),
      );
      if (found.length > 0) return pass(`${found.join(', ')} is offered`, { subject: name(), seen: found.join(', ') });
      if (protocols['TLSv1.3'].offered === false)
        return fail(name(), 'no post-quantum key exchange, because TLS 1.3 is not offered', {
          wanted: 'X25519MLKEM768',
        });
      if (!groupsComplete) return unknown(name(), 'could not ask for every group');
      return fail(name(), 'no post-quantum key exchange is offered', {
        seen: groups.join(', '),
        wanted: 'X25519MLKEM768',
      });
    });
  },
  examples: [
    { name: 'X25519MLKEM768', facts: { tls: exampleTls() }, status: 'pass' },
    { name: 'classical groups only', facts: { tls: exampleTls({ groups: ['x25519'] }) }, status: 'fail' },
    {
      name: 'the Kyber draft is no standard',
      facts: { tls: exampleTls({ groups: ['x25519', 'X25519Kyber768Draft00'] }) },
      status: 'fail',
    },
    {
      name: 'answers were lost',
      facts: { tls: exampleTls({ groups: ['x25519'], groupsComplete: false }) },
      status: 'unknown',
    },
  ],
});
