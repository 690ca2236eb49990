import { z } from 'zod';
import { categorySchema } from './category.ts';
import { exposureRowSchema } from './exposure-table.ts';
import { findingSchema } from './finding.ts';
import { targetKindSchema } from './target.ts';

const GRADES = ['A+', 'A', 'A-', 'B+', 'B', 'B-', 'C+', 'C', 'C-', 'D+', 'D', 'D-', 'F'] as const;

/** The four numbers of a scorecard; see `scoreOf` for their meaning. */
export const scoreSchema = z.object({
  score: z.number().nullable(),
  grade: z.enum(GRADES).nullable(),
  coverage: z.number().min(0).max(1),
  cappedBy: z.string().nullable(),
});

export const categoryScoreSchema = scoreSchema.extend({ id: categorySchema });

/** The scorecard of one target. */
export const targetReportSchema = scoreSchema.extend({
  id: z.string(),
  kind: targetKindSchema,
  name: z.string(),
  categories: z.array(categoryScoreSchema),
  findings: z.array(findingSchema),
  /** What the audit cost: ms from first to last probe, and connections made where they were counted. */
  durationMs: z.number().optional(),
  connections: z.number().int().optional(),
  /** What the audit caused on the target, as far as it was counted; see docs/report.md. */
  caused: z
    .object({
      connections: z.number().int(),
      requests: z.number().int(),
      commands: z.number().int(),
      failures: z.number().int().describe('SSH connections and requests that ended without a log-in'),
      ms: z.number(),
    })
    .optional(),
  /** Of a host whose sockets or ports could be looked at: its ports, what matters most first. */
  exposure: z.array(exposureRowSchema).optional(),
});
export type TargetReport = z.infer<typeof targetReportSchema>;

/** The audit report of CLI (`--format json`), API and replay. Public: see docs/report.md. */
export const auditReportSchema = z.object({
  schemaVersion: z.literal(1),
  tool: z.object({ name: z.literal('seaworthy'), version: z.string() }),
  generatedAt: z.iso.datetime(),
  durationMs: z.number(),
  targets: z.array(targetReportSchema),
});
export type AuditReport = z.infer<typeof auditReportSchema>;
