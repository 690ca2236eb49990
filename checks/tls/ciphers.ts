import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { noneFound, offeredSuites } from '../../src/analysis/tls-suites.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleProtocols, exampleTls, MODERN } from '../../src/core/facts/examples-tls.ts';
import { fail, pass } from '../../src/core/outcome.ts';
import type { Severity } from '../../src/core/severity.ts';
import type { CipherSuite } from '../../src/knowledge/tls/cipher-suites.ts';

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
        const weakness = weaknessOf(suite);
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

function weaknessOf(suite: CipherSuite): readonly [Severity, string] | undefined {
  if (suite.cipher === 'NULL') return ['critical', 'does not encrypt'];
  if (suite.authentication === 'anon') return ['critical', 'lets anybody be the server: nobody proves who they are'];
  if (suite.export) return ['critical', `has ${suite.bits} bits: an export suite that can be broken in hours`];
  if (suite.cipher === 'DES' || suite.cipher === 'RC2')
    return ['critical', `is ${suite.cipher}, which can be broken by trying keys`];
  if (suite.cipher === 'RC4') return ['high', 'is RC4, forbidden by RFC 7465'];
  if (suite.cipher === '3DES') return ['high', 'is 3DES, whose 64-bit blocks leak in long connections (SWEET32)'];
  if (suite.hash === 'md5') return ['high', 'protects records with MD5'];
  if (suite.cipher === 'IDEA' || suite.cipher === 'SEED')
    return ['medium', `is ${suite.cipher}, which no current library keeps up`];
  return undefined;
}
