import { z } from '@hono/zod-openapi';
import { CATEGORIES } from '../core/category.ts';
import { findingSchema, STATUSES } from '../core/finding.ts';
import { incidentSchema } from '../core/incident.ts';
import { categoryScoreSchema, scoreSchema, targetReportSchema } from '../core/report.ts';
import { SEVERITIES, severitySchema } from '../core/severity.ts';
import { targetKindSchema } from '../core/target.ts';
import { listOf } from './paging.ts';

/** The shapes that more than one resource answers with, made from those of core. Instants are RFC 3339, UTC. */

export const instant = z.iso.datetime().openapi({ example: '2026-11-20T22:00:00.000Z' });
export const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

const severityCounts = z.partialRecord(z.enum(SEVERITIES), z.number().int());
export const statusCounts = z.partialRecord(z.enum(STATUSES), z.number().int());
export const categoryParam = z.enum(CATEGORIES);

export const findingOut = z.object(findingSchema.shape).openapi('Finding');
export const reportOut = z
  .object({
    ...targetReportSchema.shape,
    findings: z.array(findingOut),
    categories: z.array(z.object(categoryScoreSchema.shape)),
  })
  .openapi('TargetReport');

export const targetItem = z
  .object({
    id: z.string(),
    kind: targetKindSchema,
    name: z.string(),
    service: z.string().nullable(),
    environment: z.string(),
    ...scoreSchema.shape,
    lastAuditAt: instant.nullable(),
    nextAuditAt: instant.nullable().openapi({ description: 'null where it is audited on demand only' }),
    auditing: z.boolean().openapi({ description: 'an audit runs right now' }),
    failing: severityCounts.openapi({ description: 'failing findings by severity' }),
  })
  .openapi('TargetItem');
export type TargetItem = z.infer<typeof targetItem>;

export const targetDetail = targetItem
  .extend({
    labels: z.record(z.string(), z.string()),
    schedule: z.string().nullable().openapi({ description: 'when it is audited, in words' }),
    address: z.string().nullable().openapi({ description: 'URL, host or path that is looked at' }),
    monitored: z.boolean(),
    lastError: z.string().nullable().openapi({ description: 'why the last audit could not be completed' }),
  })
  .openapi('Target');
export type TargetDetail = z.infer<typeof targetDetail>;

const serviceFields = {
  id: z.string().nullable().openapi({ description: 'null for targets without a service' }),
  name: z.string(),
  owner: z.string().nullable(),
  tier: z.number().int().nullable(),
  environment: z.string().nullable(),
  ...scoreSchema.shape,
  categories: z.array(z.object(categoryScoreSchema.shape)),
  targets: z.array(targetItem),
  failing: severityCounts,
};
export const serviceScore = z.object(serviceFields).openapi('ServiceScore');
export const fleetScorecard = z
  .object({ generatedAt: instant, services: z.array(serviceScore) })
  .openapi('FleetScorecard');
export type FleetScorecard = z.infer<typeof fleetScorecard>;

export const readinessItem = z
  .object({
    id: z.string(),
    requirement: z.string(),
    why: z.string(),
    status: z.enum(['met', 'not-met', 'unknown']),
    evidence: z.string(),
    by: z.string().nullable(),
    until: instant.nullable(),
  })
  .openapi('ReadinessItem');
export type ReadinessItem = z.infer<typeof readinessItem>;
export const serviceScorecard = z
  .object({
    ...serviceFields,
    runbook: z.string().nullable(),
    dependsOn: z.array(z.string()),
    readiness: z.array(readinessItem),
  })
  .openapi('ServiceScorecard');
export type ServiceScorecard = z.infer<typeof serviceScorecard>;

export const listedFinding = findingOut
  .extend({
    target: z.string(),
    since: instant.nullable().openapi({ description: 'since when it has this status' }),
    firstSeenAt: instant.nullable(),
  })
  .openapi('ListedFinding');
export type ListedFinding = z.infer<typeof listedFinding>;

export const historyPoint = z
  .object({
    auditId: z.string(),
    at: instant,
    score: z.number().nullable(),
    grade: z.string().nullable(),
    coverage: z.number(),
    algorithm: z.number().int(),
  })
  .openapi('HistoryPoint');
export type HistoryPoint = z.infer<typeof historyPoint>;

export const findingChange = z
  .object({
    at: instant,
    target: z.string(),
    fingerprint: z.string(),
    check: z.string(),
    subject: z.string(),
    from: z.string().nullable(),
    to: z.string(),
    severity: severitySchema,
    auditId: z.string(),
  })
  .openapi('FindingChange');
export type FindingChange = z.infer<typeof findingChange>;

export const auditItem = z
  .object({
    id: z.string(),
    target: z.string(),
    trigger: z.string(),
    status: z.enum(['running', 'done', 'failed']),
    startedAt: instant,
    finishedAt: instant.nullable(),
    ...scoreSchema.shape,
    counts: statusCounts,
    error: z.string().nullable(),
  })
  .openapi('AuditItem');
export type AuditItem = z.infer<typeof auditItem>;

export const incidentOut = z.object(incidentSchema.shape).openapi('Incident');
export const incidentList = listOf(incidentOut);
