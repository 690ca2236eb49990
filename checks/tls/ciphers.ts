import { suiteWeakness } from '../../src/analysis/suite-weakness.ts';
import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { noneFound, offeredSuites } from '../../src/analysis/tls-suites.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleProtocols, exampleTls, MODERN } from '../../src/core/facts/examples-tls.ts';
import { fail, pass } from '../../src/core/outcome.ts';

const modern12 = MODERN['TLSv1.2'] ?? [];
const with12 = (...suites: string[]) =>
  exampleTls({ protocols: exampleProtocols({ ...MODERN, 'TLSv1.2': [...modern12, ...suites] }) });

export default defineCheck({
  id: 'tls.ciphers',
  title: 'No broken cipher suite is offered',
  category: 'tls',
  severity: 'critical',
  since: '0.1.0',
  rationale:
    'A suite without encryption, without a server that proves itself, or with a broken cipher can be forced on a client or chosen by a careless one.',
  remediation:
    'Offer AEAD suites with ephemeral keys only (nginx: ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305).',
  references: [
    'https://www.rfc-editor.org/rfc/rfc9325#section-4.1',
    'https://www.rfc-editor.org/rfc/rfc7465',
    'https://ssl-config.mozilla.org/',
  ],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, (address, name) => {
      const offered = offeredSuites(address);
      const bad = offered.flatMap(({ suite, versions }) => {
        const weakness = suiteWeakness(suite);
        if (!weakness) return [];
        return [
          fail(name(suite.name), `${suite.name} ${weakness[1]}`, { severity: weakness[0], seen: versions.join(', ') }),
        ];
      });
      return noneFound(address, name, bad, pass(`none of the ${offered.length} suites is broken`, { subject: name() }));
    });
  },
  examples: [
    { name: 'AEAD suites', facts: { tls: exampleTls() }, status: 'pass' },
    {
      name: '3DES',
      facts: { tls: with12('TLS_RSA_WITH_3DES_EDE_CBC_SHA') },
      status: 'fail',
      severity: 'high',
      subjects: ['TLS_RSA_WITH_3DES_EDE_CBC_SHA'],
    },
    { name: 'no encryption', facts: { tls: with12('TLS_RSA_WITH_NULL_SHA256') }, status: 'fail', severity: 'critical' },
    {
      name: 'no authentication',
      facts: { tls: with12('TLS_ECDH_anon_WITH_AES_128_CBC_SHA') },
      status: 'fail',
      severity: 'critical',
    },
    {
      name: 'export and RC4, each a finding',
      facts: { tls: with12('TLS_RSA_EXPORT_WITH_RC4_40_MD5', 'TLS_RSA_WITH_RC4_128_SHA') },
      status: 'fail',
      subjects: ['TLS_RSA_EXPORT_WITH_RC4_40_MD5', 'TLS_RSA_WITH_RC4_128_SHA'],
    },
    {
      name: 'an old but unbroken suite is for other checks',
      facts: { tls: with12('TLS_RSA_WITH_AES_128_CBC_SHA') },
      status: 'pass',
    },
    {
      name: 'not every suite could be asked for',
      facts: { tls: exampleTls({ protocols: exampleProtocols(MODERN, { 'TLSv1.2': { complete: false } }) }) },
      status: 'unknown',
    },
  ],
});
