import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { differencesFrom } from '../../src/analysis/tls-profile.ts';
import { untoldVersions } from '../../src/analysis/tls-suites.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleCertificate, exampleProtocols, exampleTls, MODERN } from '../../src/core/facts/examples-tls.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';
import { MOZILLA_GUIDELINES } from '../../src/knowledge/tls/mozilla-guidelines.ts';

export default defineCheck({
  id: 'tls.mozilla-profile',
  title: "Conforms to Mozilla's TLS guidelines",
  category: 'tls',
  severity: 'info',
  since: '0.1.0',
  rationale: 'A well-known yardstick for a configuration that is neither careless nor cuts clients off.',
  remediation: 'Take the configuration for your server from https://ssl-config.mozilla.org (intermediate).',
  references: [
    'https://ssl-config.mozilla.org/guidelines/6.0.json',
    'https://wiki.mozilla.org/Security/Server_Side_TLS',
  ],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, (address, name) => {
      const judged = MOZILLA_GUIDELINES.map((guideline) => ({
        guideline,
        differences: differencesFrom(guideline, address),
      }));
      const met = judged.find(({ differences }) => differences.length === 0);
      const details = Object.fromEntries(judged.map(({ guideline, differences }) => [guideline.name, differences]));
      if (!met) {
        const [first, ...more] = judged.at(-1)?.differences ?? [];
        return fail(
          name(),
          `not intermediate: ${first}${more.length > 0 ? ` and ${more.length} more differences` : ''}`,
          {
            wanted: 'intermediate or modern, version 6.0',
            details,
          },
        );
      }
      if (untoldVersions(address).length > 0 || !address.groupsComplete || address.certificateChain.length === 0)
        return unknown(name(), `nothing against ${met.guideline.name}, but not everything could be told`);
      return pass(`conforms to ${met.guideline.name}, version 6.0`, {
        subject: name(),
        seen: met.guideline.name,
        details,
      });
    });
  },
  examples: [
    { name: 'intermediate', facts: { tls: exampleTls() }, status: 'pass' },
    {
      name: 'static RSA',
      facts: {
        tls: exampleTls({ protocols: exampleProtocols({ ...MODERN, 'TLSv1.2': ['TLS_RSA_WITH_AES_128_GCM_SHA256'] }) }),
      },
      status: 'fail',
    },
    {
      name: 'modern',
      facts: {
        tls: exampleTls({
          protocols: exampleProtocols({ 'TLSv1.3': MODERN['TLSv1.3'] ?? [] }),
          certificateChain: [exampleCertificate()],
        }),
      },
      status: 'pass',
    },
    { name: 'a group beyond it', facts: { tls: exampleTls({ groups: ['x25519', 'x448'] }) }, status: 'fail' },
    { name: 'not all groups could be asked', facts: { tls: exampleTls({ groupsComplete: false }) }, status: 'unknown' },
  ],
});
