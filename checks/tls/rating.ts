import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { rateTls } from '../../src/analysis/tls-rating.ts';
import { untoldVersions } from '../../src/analysis/tls-suites.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleHttp } from '../../src/core/facts/examples.ts';
import { exampleCertificate, exampleProtocols, exampleTls, MODERN } from '../../src/core/facts/examples-tls.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

const hsts = exampleHttp({ 'Strict-Transport-Security': 'max-age=63072000; includeSubDomains' });

export default defineCheck({
  id: 'tls.rating',
  title: 'Rated A by the SSL Labs guide',
  category: 'tls',
  severity: 'info',
  since: '0.1.0',
  rationale:
    'The rating that most people know, computed from the same facts as all other checks, for internal addresses too.',
  remediation: 'Look at the caps and warnings: each names what holds the grade down.',
  references: ['https://github.com/ssllabs/research/wiki/SSL-Server-Rating-Guide'],
  needs: ['tls'],
  wants: ['http'],
  evaluate({ tls, http }, { now, target }) {
    const web = target.kind === 'endpoint' && target.protocol !== 'https' ? 'not-web' : http;
    return eachAddress(tls, (address, name) => {
      const rating = rateTls(address, tls.serverName, web, now);
      const details = { ...rating };
      const held = [...rating.caps, ...rating.warnings].join('; ');
      const seen = `${rating.grade} (protocol ${rating.protocol}, key exchange ${rating.keyExchange}, cipher ${rating.cipher})`;
      const untold = untoldVersions(address);
      // What was not seen could only lower the grade.
      if (/^A/.test(rating.grade) && (untold.length > 0 || address.certificateChain.length === 0))
        return unknown(
          name(),
          `not everything that the rating needs could be told: ${untold.join(', ') || 'no certificate'}`,
          { details },
        );
      return /^A/.test(rating.grade)
        ? pass(`rated ${rating.grade}${held ? `: ${held}` : ''}`, { subject: name(), seen, details })
        : fail(
            name(),
            `rated ${rating.grade}: ${held.replace(`${rating.grade}: `, '') || `a score of ${rating.score}`}`,
            {
              seen,
              wanted: 'A',
              details,
            },
          );
    });
  },
  examples: [
    { name: 'a good server with HSTS', facts: { tls: exampleTls(), http: hsts }, status: 'pass' },
    {
      name: 'TLS 1.0',
      facts: {
        tls: exampleTls({
          protocols: exampleProtocols({ ...MODERN, 'TLSv1.0': ['TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA'] }),
        }),
        http: hsts,
      },
      status: 'fail',
    },
    {
      name: 'another name',
      facts: {
        tls: exampleTls({ certificateChain: [exampleCertificate({ names: { dns: ['other.example'], ip: [] } })] }),
        http: hsts,
      },
      status: 'fail',
    },
  ],
});
