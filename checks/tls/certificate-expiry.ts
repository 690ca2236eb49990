import { z } from 'zod';
import { type Timeline, timelineOf } from '../../src/analysis/certificate-timeline.ts';
import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { defineCheck } from '../../src/core/check.ts';
import { formatDuration } from '../../src/core/duration.ts';
import { exampleCertificate, exampleIntermediate, exampleTls } from '../../src/core/facts/examples-tls.ts';
import { fail, type Outcome, pass, unknown } from '../../src/core/outcome.ts';
import type { Severity } from '../../src/core/severity.ts';

const SEVERITY: Partial<Record<Timeline['state'], Severity>> = {
  'not-yet-valid': 'critical',
  expired: 'critical',
  'last-moment': 'critical',
  expiring: 'high',
  'renewal-due': 'medium',
};

const DAY = 86_400_000;

/** A leaf of so many days at the examples' moment, this part of its life used. */
function leafUsed(days: number, used: number) {
  const notBefore = Date.parse('2026-11-01T00:00:00Z') - days * DAY * used;
  return exampleTls({
    certificateChain: [exampleCertificate({ notBefore, notAfter: notBefore + days * DAY }), exampleIntermediate()],
  });
}

export default defineCheck({
  id: 'tls.certificate-expiry',
  title: 'The certificate was renewed in time',
  category: 'tls',
  severity: 'critical',
  since: '0.1.0',
  rationale:
    'An expired certificate takes the whole service down at a moment known in advance. Judged by the part of the lifetime that is used, so that 6-day, 47-day and one-year certificates are each judged rightly.',
  remediation:
    'Renew at two thirds of the lifetime by an ACME client with a reload hook (certbot renew --deploy-hook "systemctl reload nginx"), and find out why the last renewal did not happen.',
  references: [
    'https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5',
    'https://cabforum.org/2025/04/11/ballot-sc081v3-introduce-schedule-of-reducing-validity-and-data-reuse-periods/',
  ],
  needs: ['tls'],
  options: z.strictObject({
    renewAt: z
      .number()
      .min(0.1)
      .max(0.95)
      .default(2 / 3)
      .describe('part of the lifetime after which a new certificate is expected'),
  }),
  evaluate({ tls }, { now, options }) {
    return eachAddress(tls, ({ certificateChain, chainNote }, name): Outcome[] => {
      const [leaf, ...rest] = certificateChain;
      if (!leaf) return [unknown(name(), `no certificate could be read: ${chainNote ?? 'none was sent'}`)];
      const line = timelineOf(leaf, now, options.renewAt);
      const seen = `valid ${day(leaf.notBefore)} to ${day(leaf.notAfter)}`;
      const details = { notAfter: new Date(leaf.notAfter).toISOString(), leftSeconds: Math.floor(line.leftMs / 1000) };
      const severity = SEVERITY[line.state];
      const judged = severity
        ? fail(name(), wordsFor(line), { severity, seen, wanted: `renewed by ${day(line.renewAt)}`, details })
        : pass(`${formatDuration(line.leftMs)} left; renewal is due ${day(line.renewAt)}`, {
            subject: name(),
            seen,
            details,
          });
      const dead = rest.filter((one) => now >= one.notAfter);
      return [
        judged,
        ...dead.map((one) =>
          fail(name(one.subject), `the chain holds a certificate that expired on ${day(one.notAfter)}`, {
            seen: one.subject,
            remediation: 'Serve the current intermediates of your authority.',
          }),
        ),
      ];
    });
  },
  examples: [
    { name: 'a 90-day certificate in its first third', facts: { tls: exampleTls() }, status: 'pass' },
    { name: 'renewal overdue', facts: { tls: leafUsed(90, 0.75) }, status: 'fail', severity: 'medium' },
    { name: 'a 6-day certificate with three days left', facts: { tls: leafUsed(6, 0.5) }, status: 'pass' },
    { name: 'a 47-day certificate with 20 days left', facts: { tls: leafUsed(47, 0.57) }, status: 'pass' },
    {
      name: 'a 398-day certificate with 60 days left',
      facts: { tls: leafUsed(398, 0.85) },
      status: 'fail',
      severity: 'high',
    },
    {
      name: 'a 6-day certificate with 20 hours left',
      facts: { tls: leafUsed(6, 0.86) },
      status: 'fail',
      severity: 'high',
    },
    { name: 'expired', facts: { tls: leafUsed(90, 1.01) }, status: 'fail', severity: 'critical' },
    { name: 'not valid yet', facts: { tls: leafUsed(90, -0.01) }, status: 'fail', severity: 'critical' },
    {
      name: 'an expired intermediate',
      facts: {
        tls: exampleTls({
          certificateChain: [
            exampleCertificate(),
            exampleIntermediate({ notAfter: Date.parse('2026-10-01T00:00:00Z') }),
          ],
        }),
      },
      status: 'fail',
      subjects: ['C=US, O=Example Trust, CN=Example Trust E1'],
    },
  ],
});

function wordsFor(line: Timeline): string {
  if (line.state === 'expired') return `the certificate expired ${formatDuration(-line.leftMs)} ago`;
  if (line.state === 'not-yet-valid') return 'the certificate is not valid yet';
  const used = Math.floor((1 - line.leftMs / line.lifetimeMs) * 100);
  return `the certificate expires in ${formatDuration(line.leftMs)}: ${used} % of its ${formatDuration(line.lifetimeMs)} are used and no renewal has happened`;
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ').concat(' UTC');
}
