import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleCertificate, exampleTls } from '../../src/core/facts/examples-tls.ts';
import { fail, notApplicable, pass, unknown } from '../../src/core/outcome.ts';

const DAY = 86_400_000;

/** Longest lifetime in days of a certificate issued from that day on, the newest rule first (CA/B Forum, ballots SC22 and SC081v3). */
const LIMITS: readonly (readonly [from: number, days: number])[] = [
  [Date.parse('2029-03-15T00:00:00Z'), 47],
  [Date.parse('2027-03-15T00:00:00Z'), 100],
  [Date.parse('2026-03-15T00:00:00Z'), 200],
  [Date.parse('2020-09-01T00:00:00Z'), 398],
  [Date.parse('2018-03-01T00:00:00Z'), 825],
];

const issued = (from: string, days: number) =>
  exampleTls({
    certificateChain: [exampleCertificate({ notBefore: Date.parse(from), notAfter: Date.parse(from) + days * DAY })],
  });

export default defineCheck({
  id: 'tls.certificate-lifetime',
  title: 'The certificate lives no longer than its time allows',
  category: 'tls',
  severity: 'low',
  since: '0.1.0',
  rationale:
    'Browsers refuse public certificates whose lifetime exceeds the limit at the day of issue, and the limit falls to 47 days by 2029.',
  remediation: 'Have the certificate issued by ACME with 90 days or less, and renewed by itself.',
  references: [
    'https://cabforum.org/2025/04/11/ballot-sc081v3-introduce-schedule-of-reducing-validity-and-data-reuse-periods/',
    'https://support.apple.com/en-us/102028',
  ],
  needs: ['tls'],
  evaluate({ tls }, { target }) {
    if (target.kind === 'endpoint' && target.ca?.length)
      return notApplicable('a private authority sets its own limits');
    return eachAddress(tls, ({ certificateChain: [leaf], trust }, name) => {
      if (!leaf) return unknown(name(), 'no certificate could be read');
      if (trust.trusted === false)
        return notApplicable('the limits are for publicly trusted certificates', { subject: name() });
      const limit = LIMITS.find(([from]) => leaf.notBefore >= from)?.[1] ?? 1185;
      // Validity includes both ends (RFC 5280 4.1.2.5), so that the last second may belong to the next day.
      const days = Math.ceil((leaf.notAfter - leaf.notBefore) / DAY);
      const more = { seen: `${days} days`, wanted: `<= ${limit} days` };
      return days > limit
        ? fail(name(), `the certificate lives ${days} days; ${limit} are allowed for its day of issue`, more)
        : pass(`${days} days, of ${limit} allowed`, { subject: name(), ...more });
    });
  },
  examples: [
    { name: '90 days', facts: { tls: exampleTls() }, status: 'pass' },
    { name: '398 days after March 2026', facts: { tls: issued('2026-04-01T00:00:00Z', 398) }, status: 'fail' },
    { name: '398 days before it', facts: { tls: issued('2026-02-01T00:00:00Z', 398) }, status: 'pass' },
    {
      name: 'self-signed',
      facts: {
        tls: exampleTls({ trust: { trusted: false, code: 'DEPTH_ZERO_SELF_SIGNED_CERT', reason: 'self-signed' } }),
      },
      status: 'not-applicable',
    },
  ],
});
