import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { isForwardSecret, noneFound, offeredSuites } from '../../src/analysis/tls-suites.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleProtocols, exampleTls, MODERN } from '../../src/core/facts/examples-tls.ts';
import { fail, type Outcome, pass } from '../../src/core/outcome.ts';

const modern12 = MODERN['TLSv1.2'] ?? [];

export default defineCheck({
  id: 'tls.forward-secrecy',
  title: 'Every suite has forward secrecy',
  category: 'tls',
  severity: 'high',
  since: '0.1.0',
  rationale: "Without ephemeral keys, whoever records traffic today and gets the server's key tomorrow reads it all.",
  remediation:
    'Take suites with static RSA, DH or ECDH key exchange out; keep ECDHE (and TLS 1.3, which always has it).',
  references: [
    'https://www.rfc-editor.org/rfc/rfc9325#section-4.1',
    'https://www.rfc-editor.org/rfc/rfc7525#section-6.3',
  ],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, (address, name) => {
      const offered = offeredSuites(address);
      const without = offered.filter(({ suite }) => !isForwardSecret(suite));
      const names = without.map(({ suite }) => suite.name);
      const all = without.length === offered.length;
      const outcomes: Outcome[] =
        without.length === 0
          ? []
          : [
              fail(
                name(),
                all
                  ? 'no suite has forward secrecy'
                  : `${without.length} of ${offered.length} suites have no forward secrecy`,
                {
                  severity: all ? 'high' : 'medium',
                  seen:
                    names.length > 6
                      ? `${names.slice(0, 6).join(', ')} and ${names.length - 6} more`
                      : names.join(', '),
                  wanted: 'ECDHE or DHE key exchange only',
                  details: { suites: names },
                },
              ),
            ];
      return noneFound(address, name, outcomes, pass('every suite has forward secrecy', { subject: name() }));
    });
  },
  examples: [
    { name: 'ECDHE and TLS 1.3', facts: { tls: exampleTls() }, status: 'pass' },
    {
      name: 'static RSA only',
      facts: { tls: exampleTls({ protocols: exampleProtocols({ 'TLSv1.2': ['TLS_RSA_WITH_AES_128_GCM_SHA256'] }) }) },
      status: 'fail',
      severity: 'high',
    },
    {
      name: 'static RSA beside ECDHE',
      facts: {
        tls: exampleTls({
          protocols: exampleProtocols({ ...MODERN, 'TLSv1.2': [...modern12, 'TLS_RSA_WITH_AES_128_GCM_SHA256'] }),
        }),
      },
      status: 'fail',
      severity: 'medium',
    },
  ],
});
