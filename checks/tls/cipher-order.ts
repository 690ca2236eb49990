import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { isForwardSecret } from '../../src/analysis/tls-suites.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleProtocols, exampleTls, MODERN } from '../../src/core/facts/examples-tls.ts';
import { TLS_VERSIONS } from '../../src/core/facts/tls.ts';
import { fail, notApplicable, type Outcome, pass, unknown } from '../../src/core/outcome.ts';
import { suiteByName } from '../../src/knowledge/tls/cipher-suites.ts';

const mixed = ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'TLS_RSA_WITH_AES_128_CBC_SHA'];

export default defineCheck({
  id: 'tls.cipher-order',
  title: 'The server decides which suite is used',
  category: 'tls',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'Where better and worse suites are offered side by side, the server must choose, or a badly configured client ends up with the worst. Where all are good, a client may choose what its hardware does best.',
  remediation:
    'Prefer the server order (nginx: ssl_prefer_server_ciphers on; Apache: SSLHonorCipherOrder on), or offer good suites only.',
  references: [
    'https://www.rfc-editor.org/rfc/rfc9325#section-4.2.1',
    'https://wiki.mozilla.org/Security/Server_Side_TLS',
  ],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, ({ protocols }, name): Outcome[] => {
      const outcomes = TLS_VERSIONS.filter((version) => version !== 'SSLv2' && version !== 'TLSv1.3').flatMap(
        (version): Outcome[] => {
          const { offered, ciphers, serverPreference } = protocols[version];
          if (!offered || ciphers.length < 2) return [];
          const kinds = new Set(ciphers.map(qualityOf));
          if (kinds.size === 1 && kinds.has('good'))
            return [pass(`every ${version} suite is good, so the client may choose`, { subject: name(version) })];
          if (serverPreference === null)
            return [unknown(name(version), `could not tell who chooses the suite in ${version}`)];
          return [
            serverPreference
              ? pass(`the server chooses the suite in ${version}`, { subject: name(version) })
              : fail(name(version), `the client chooses among good and bad suites in ${version}`, {
                  seen: `${ciphers.length} suites in the client's order`,
                  wanted: "the server's order",
                }),
          ];
        },
      );
      return outcomes.length > 0
        ? outcomes
        : [notApplicable('there is no choice to be made below TLS 1.3', { subject: name() })];
    });
  },
  examples: [
    {
      name: 'the server chooses',
      facts: { tls: exampleTls({ protocols: exampleProtocols({ 'TLSv1.2': mixed }) }) },
      status: 'pass',
    },
    {
      name: 'the client chooses, and may choose badly',
      facts: {
        tls: exampleTls({
          protocols: exampleProtocols({ 'TLSv1.2': mixed }, { 'TLSv1.2': { serverPreference: false } }),
        }),
      },
      status: 'fail',
      subjects: ['TLSv1.2'],
    },
    {
      name: 'the client chooses among good ones',
      facts: { tls: exampleTls({ protocols: exampleProtocols(MODERN, { 'TLSv1.2': { serverPreference: false } }) }) },
      status: 'pass',
    },
  ],
});

function qualityOf(name: string): 'good' | 'worse' {
  const suite = suiteByName(name);
  return isForwardSecret(suite) && suite.mode === 'aead' && suite.authentication !== 'anon' ? 'good' : 'worse';
}
