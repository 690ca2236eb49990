import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { offeredSuites, untoldVersions } from '../../src/analysis/tls-suites.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleProtocols, exampleTls } from '../../src/core/facts/examples-tls.ts';
import type { TlsAddressFacts } from '../../src/core/facts/tls.ts';
import { fail, notApplicable, type Outcome, pass, unknown } from '../../src/core/outcome.ts';

const dhe = exampleProtocols({ 'TLSv1.2': ['TLS_DHE_RSA_WITH_AES_128_GCM_SHA256'] });
const withDh = (bits: number, known: string | null) =>
  exampleTls({ protocols: dhe, dh: [{ bits, prime: 'ab'.repeat(32), known, export: false }] });

export default defineCheck({
  id: 'tls.dh-params',
  title: 'Diffie-Hellman parameters are large enough',
  category: 'tls',
  severity: 'critical',
  since: '0.1.0',
  rationale:
    'A prime of 1024 bits that many servers share can be broken once for all of them (Logjam); 512 bits fall in minutes.',
  remediation:
    'Take DHE suites out in favour of ECDHE, or use ffdhe2048 or larger (nginx: ssl_dhparam with a 2048-bit file, or leave it out).',
  references: [
    'https://weakdh.org/',
    'https://www.rfc-editor.org/rfc/rfc7919',
    'https://nvd.nist.gov/vuln/detail/CVE-2015-4000',
  ],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, (address, name): Outcome[] => {
      const outcomes = address.dh.map((one) => judge(one, name(`${one.bits}-bit prime`)));
      if (outcomes.length > 0) return outcomes;
      if (offeredSuites(address).some(({ suite }) => suite.keyExchange === 'dhe'))
        return [unknown(name(), 'DHE suites are offered, but their parameters could not be read')];
      const untold = untoldVersions(address);
      if (untold.length > 0) return [unknown(name(), `could not tell all suites of ${untold.join(', ')}`)];
      return [notApplicable('no suite uses finite-field Diffie-Hellman below TLS 1.3', { subject: name() })];
    });
  },
  examples: [
    { name: '2048 bits', facts: { tls: withDh(2048, 'RFC 7919 ffdhe2048, 2048 bits') }, status: 'pass' },
    {
      name: 'a shared 1024-bit prime',
      facts: { tls: withDh(1024, 'RFC 2409 Oakley group 2, 1024 bits') },
      status: 'fail',
      severity: 'high',
    },
    { name: '512 bits', facts: { tls: withDh(512, null) }, status: 'fail', severity: 'critical' },
    { name: 'no DHE', facts: { tls: exampleTls() }, status: 'not-applicable' },
  ],
});

function judge({ bits, known }: TlsAddressFacts['dh'][number], subject: string): Outcome {
  const seen = known ? `${bits} bits (${known})` : `${bits} bits`;
  if (bits >= 2048) return pass(`the prime has ${bits} bits`, { subject, seen });
  const shared = known && bits <= 1024 ? ', and it is one that many servers share' : '';
  return fail(subject, `the Diffie-Hellman prime has only ${bits} bits${shared}`, {
    seen,
    wanted: '>= 2048 bits',
    severity: bits < 1024 ? 'critical' : 'high',
  });
}
