import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleProtocols, exampleTls, MODERN } from '../../src/core/facts/examples-tls.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

const unsure = { offered: null, ciphers: [], complete: false, serverPreference: null };

export default defineCheck({
  id: 'tls.drown',
  title: 'SSLv2 cannot be used to open newer traffic (DROWN)',
  category: 'tls',
  severity: 'critical',
  since: '0.1.0',
  rationale:
    'A server that still answers SSLv2 lets recorded TLS sessions with the same key be decrypted, also those of other servers with that key.',
  remediation: 'Turn SSLv2 off everywhere the key is used, mail servers included.',
  references: [
    'https://drownattack.com/',
    'https://www.rfc-editor.org/rfc/rfc6176',
    'https://nvd.nist.gov/vuln/detail/CVE-2016-0800',
  ],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, ({ protocols: { SSLv2 } }, name) => {
      if (SSLv2.offered) return fail(name(), 'SSLv2 is offered', { seen: SSLv2.ciphers.join(', ') });
      if (SSLv2.offered === null) return unknown(name(), 'could not tell whether SSLv2 is offered');
      return pass('SSLv2 is not offered at this address', { subject: name() });
    });
  },
  examples: [
    { name: 'no SSLv2', facts: { tls: exampleTls() }, status: 'pass' },
    {
      name: 'SSLv2',
      facts: { tls: exampleTls({ protocols: exampleProtocols({ ...MODERN, SSLv2: ['SSL_CK_RC4_128_WITH_MD5'] }) }) },
      status: 'fail',
    },
    {
      name: 'not told',
      facts: { tls: exampleTls({ protocols: exampleProtocols(MODERN, { SSLv2: unsure }) }) },
      status: 'unknown',
    },
  ],
});
