import { z } from 'zod';
import type { Finding } from './finding.ts';

/** A person's word that a failure is accepted until a date. Expired ones stop working by themselves. */
export const waiverSchema = z.strictObject({
  check: z.string().describe('check id, or category.* for all of a category'),
  target: z.string().optional().describe('target id; all targets where not given'),
  subject: z.string().optional().describe('only this subject; all subjects where not given'),
  until: z.iso
    .date({ error: 'must be a date, such as 2027-03-01' })
    .describe('last day on which the waiver holds (UTC), such as 2027-03-01'),
  reason: z.string().min(1),
  owner: z.string().min(1),
});
export type Waiver = z.infer<typeof waiverSchema>;

/** First millisecond at which the waiver no longer holds. */
export function waiverEnd(waiver: Waiver): number {
  return Date.parse(`${waiver.until}T00:00:00Z`) + 86_400_000;
}

function covers(waiver: Waiver, targetId: string, finding: Finding): boolean {
  const wildcard = waiver.check.endsWith('.*') && finding.check.startsWith(waiver.check.slice(0, -1));
  return (
    (wildcard || waiver.check === finding.check) &&
    (waiver.target === undefined || waiver.target === targetId) &&
    (waiver.subject === undefined || waiver.subject === finding.subject)
  );
}

/** Failures that a waiver in force covers become `waived`. An `unknown` cannot be waived: nobody looked. */
export function applyWaivers(
  findings: readonly Finding[],
  waivers: readonly Waiver[],
  targetId: string,
  now: number,
): Finding[] {
  return findings.map((finding) => {
    if (finding.status !== 'fail') return finding;
    const waiver = waivers.find((candidate) => waiverEnd(candidate) > now && covers(candidate, targetId, finding));
    if (!waiver) return finding;
    return {
      ...finding,
      status: 'waived',
      waiver: { until: waiver.until, reason: waiver.reason, owner: waiver.owner },
    };
  });
}

/** Waivers that have run out although what they covered still fails. */
export function expiredWaivers(
  findings: readonly Finding[],
  waivers: readonly Waiver[],
  targetId: string,
  now: number,
): Waiver[] {
  return waivers.filter(
    (waiver) =>
      waiverEnd(waiver) <= now &&
      findings.some((finding) => finding.status === 'fail' && covers(waiver, targetId, finding)),
  );
}
