import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { categorySchema } from './category.ts';
import { severitySchema } from './severity.ts';

/** Worst first: a check's status is the first of these that one of its outcomes has. */
export const STATUSES = ['fail', 'unknown', 'waived', 'pass', 'not-applicable'] as const;
export const statusSchema = z.enum(STATUSES);
export type Status = z.infer<typeof statusSchema>;

/** A waiver as it stands on a finding: accepted by whom, why and until when (a date; the day itself is included). */
export const appliedWaiverSchema = z.object({ until: z.string(), reason: z.string(), owner: z.string() });

/** One thing that a check said about one subject of one target, as reports, store and API carry it. */
export const findingSchema = z.object({
  fingerprint: z.string().describe('stable across runs'),
  check: z.string(),
  category: categorySchema,
  title: z.string(),
  status: statusSchema,
  severity: severitySchema,
  subject: z.string(),
  message: z.string(),
  seen: z.string().optional(),
  wanted: z.string().optional(),
  remediation: z.string().optional(),
  references: z.array(z.string()),
  location: z
    .object({ file: z.string().optional(), line: z.number().int().optional(), commit: z.string().optional() })
    .optional(),
  details: z.record(z.string(), z.unknown()).optional(),
  waiver: appliedWaiverSchema.nullable(),
});
export type Finding = z.infer<typeof findingSchema>;

/**
 * Identity of a finding: same check, same target, same thing. Wording, severity and evidence may change without
 * making it a new finding. 128 bits of SHA-256; the parts are length-prefixed so that no two lists of parts collide.
 */
export function fingerprint(check: string, targetId: string, identity: string): string {
  const parts = [check, targetId, identity].map((part) => `${part.length}:${part}`).join('');
  return bytesToHex(sha256(utf8ToBytes(parts)).subarray(0, 16));
}

/** The status of a check from the statuses of its findings. */
export function worstStatus(statuses: Iterable<Status>): Status {
  let worst = STATUSES.length - 1;
  for (const status of statuses) worst = Math.min(worst, STATUSES.indexOf(status));
  return STATUSES[worst] ?? 'not-applicable';
}

/** Findings by check id, in first-seen order. */
export function byCheck(findings: readonly Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.check);
    if (group) group.push(finding);
    else groups.set(finding.check, [finding]);
  }
  return groups;
}
