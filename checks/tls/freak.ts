import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { noneFound, offeredSuites } from '../../src/analysis/tls-suites.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleProtocols, exampleTls, MODERN } from '../../src/core/facts/examples-tls.ts';
import { fail, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'tls.freak',
  title: 'No RSA export key exchange (FREAK)',
  category: 'tls',
  severity: 'critical',
  since: '0.1.0',
  rationale:
    'A server with RSA export suites can be made to use a 512-bit key even with clients that never asked for one; that key falls in hours.',
  remediation: 'Take all export suites out (OpenSSL: !EXPORT) and update the TLS library.',
  references: ['https://www.mitls.org/pages/attacks/SMACK#freak', 'https://nvd.nist.gov/vuln/detail/CVE-2015-0204'],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, (address, name) => {
      const names = offeredSuites(address)
        .filter(({ suite }) => suite.export && suite.keyExchange === 'rsa')
        .map(({ suite }) => suite.name);
      const found =
        names.length > 0
          ? [fail(name(), `${names.length} RSA export suites are offered`, { seen: names.join(', ') })]
          : [];
      return noneFound(address, name, found, pass('no RSA export suite is offered', { subject: name() }));
    });
  },
  examples: [
    { name: 'none', facts: { tls: exampleTls() }, status: 'pass' },
    {
      name: 'RC4 with 40 bits',
      facts: {
        tls: exampleTls({ protocols: exampleProtocols({ ...MODERN, 'TLSv1.0': ['TLS_RSA_EXPORT_WITH_RC4_40_MD5'] }) }),
      },
      status: 'fail',
    },
  ],
});
