import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleProtocols, exampleTls, MODERN } from '../../src/core/facts/examples-tls.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';
import { suiteByName } from '../../src/knowledge/tls/cipher-suites.ts';

const unsure = { offered: null, ciphers: [], complete: false, serverPreference: null };

export default defineCheck({
  id: 'tls.poodle',
  title: 'No CBC suite over SSLv3 (POODLE)',
  category: 'tls',
  severity: 'high',
  since: '0.1.0',
  rationale:
    'SSLv3 does not protect its padding, so that somebody on the way reads a cookie byte by byte, 256 requests each.',
  remediation: 'Turn SSLv3 off (nginx: ssl_protocols TLSv1.2 TLSv1.3).',
  references: ['https://www.rfc-editor.org/rfc/rfc7568', 'https://nvd.nist.gov/vuln/detail/CVE-2014-3566'],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, ({ protocols: { SSLv3 } }, name) => {
      const cbc = SSLv3.ciphers.filter((one) => suiteByName(one).mode === 'cbc');
      if (cbc.length > 0)
        return fail(name(), `SSLv3 is offered with ${cbc.length} CBC suites`, { seen: cbc.slice(0, 6).join(', ') });
      if (SSLv3.offered === null || (SSLv3.offered && !SSLv3.complete))
        return unknown(name(), 'could not tell what is offered over SSLv3');
      return pass(SSLv3.offered ? 'SSLv3 is offered without CBC suites' : 'SSLv3 is not offered', { subject: name() });
    });
  },
  examples: [
    { name: 'no SSLv3', facts: { tls: exampleTls() }, status: 'pass' },
    {
      name: 'SSLv3 with AES-CBC',
      facts: {
        tls: exampleTls({ protocols: exampleProtocols({ ...MODERN, SSLv3: ['TLS_RSA_WITH_AES_128_CBC_SHA'] }) }),
      },
      status: 'fail',
    },
    {
      name: 'not told',
      facts: { tls: exampleTls({ protocols: exampleProtocols(MODERN, { SSLv3: unsure }) }) },
      status: 'unknown',
    },
  ],
});
