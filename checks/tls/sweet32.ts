import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { noneFound, offeredSuites } from '../../src/analysis/tls-suites.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleProtocols, exampleTls, MODERN } from '../../src/core/facts/examples-tls.ts';
import { fail, pass } from '../../src/core/outcome.ts';

/** Ciphers with blocks of 64 bits. */
const SMALL_BLOCKS = new Set(['3DES', 'DES', 'IDEA', 'RC2', '28147', 'MAGMA']);

export default defineCheck({
  id: 'tls.sweet32',
  title: 'No cipher with 64-bit blocks (SWEET32)',
  category: 'tls',
  severity: 'high',
  since: '0.1.0',
  rationale:
    'After some gigabytes two blocks of a 64-bit cipher are equal and give plaintext away: hours of a long-lived connection are enough for a cookie.',
  remediation: 'Take 3DES, DES, IDEA and RC2 suites out (OpenSSL: !3DES:!DES:!IDEA:!RC2).',
  references: ['https://sweet32.info/', 'https://nvd.nist.gov/vuln/detail/CVE-2016-2183'],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, (address, name) => {
      const names = offeredSuites(address)
        .filter(({ suite }) => SMALL_BLOCKS.has(suite.cipher))
        .map(({ suite }) => suite.name);
      const found =
        names.length > 0
          ? [
              fail(name(), `${names.length} suites have 64-bit blocks`, {
                seen: names.slice(0, 8).join(', '),
                details: { suites: names },
              }),
            ]
          : [];
      return noneFound(address, name, found, pass('no cipher has 64-bit blocks', { subject: name() }));
    });
  },
  examples: [
    { name: 'AES only', facts: { tls: exampleTls() }, status: 'pass' },
    {
      name: '3DES',
      facts: {
        tls: exampleTls({ protocols: exampleProtocols({ ...MODERN, 'TLSv1.2': ['TLS_RSA_WITH_3DES_EDE_CBC_SHA'] }) }),
      },
      status: 'fail',
    },
  ],
});
