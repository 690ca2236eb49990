import type { z } from 'zod';
import type { Category } from '../../../src/core/category.ts';
import type { Finding } from '../../../src/core/finding.ts';
import type { PublicIncident } from '../../../src/core/incident.ts';
import type { categoryScoreSchema, scoreSchema, TargetReport } from '../../../src/core/report.ts';
import type { Severity } from '../../../src/core/severity.ts';
import type { TargetKind } from '../../../src/core/target.ts';

/** What the API answers, as the dashboard reads it. Types only: nothing of the service runs in the browser. */

export type Score = z.infer<typeof scoreSchema>;
export type CategoryScore = z.infer<typeof categoryScoreSchema>;
export type { Finding, PublicIncident as Incident, TargetReport };

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export interface TargetItem extends Score {
  id: string;
  kind: TargetKind;
  name: string;
  service: string | null;
  environment: string;
  lastAuditAt: string | null;
}

/** `GET /scorecard`: everything, by service; targets without one stand under `service: null`. */
export interface FleetScorecard {
  generatedAt: string;
  services: ServiceScore[];
}

export interface ServiceScore extends Score {
  id: string | null;
  name: string;
  owner: string | null;
  tier: number | null;
  environment: string | null;
  categories: CategoryScore[];
  targets: TargetItem[];
  /** Failing findings by severity. */
  failing: Partial<Record<Severity, number>>;
}

export interface ReadinessItem {
  id: string;
  requirement: string;
  why: string;
  status: 'met' | 'not-met' | 'unknown';
  /** What proves it: checks of ours, an integration, or a person's word with an end. */
  evidence: string;
  by: string | null;
  until: string | null;
}

/** `GET /services/{id}/scorecard` */
export interface ServiceScorecard extends ServiceScore {
  readiness: ReadinessItem[];
}

export type ListedFinding = Finding & { since: string | null; target?: string };

export interface HistoryPoint {
  auditId: string;
  at: string;
  score: number | null;
  grade: string | null;
  coverage: number;
}

export interface FindingChange {
  at: string;
  target: string;
  fingerprint: string;
  check: string;
  subject: string;
  from: string | null;
  to: string;
  severity: Severity;
  auditId: string;
}

export interface AuditItem extends Score {
  id: string;
  target: string;
  trigger: string;
  status: 'running' | 'done' | 'failed';
  startedAt: string;
  finishedAt: string | null;
  counts: Partial<Record<Finding['status'], number>>;
  error: string | null;
}

export interface CheckItem {
  id: string;
  title: string;
  category: Category;
  severity: Severity;
  since: string;
  rationale: string;
  remediation: string;
  references: string[];
  needs: string[];
  examples: { name: string; status: Finding['status'] }[];
}

export interface MonitorItem {
  id: string;
  target: string;
  name: string;
  kind: string;
  state: 'up' | 'down' | 'unknown';
  since: string | null;
  lastBeatAt: string | null;
  latencyMs: number | null;
  reason: string | null;
  /** Shares of 24 h, 7 d and 30 d; `null` where nothing is known. */
  uptime: { day: number | null; week: number | null; month: number | null };
}

/** `GET /monitors/{id}/beats?from&to&step`: one row per step; a step without a look has no row. */
export interface BeatRow {
  at: string;
  up: number;
  down: number;
  unknown: number;
  latencyMs: number | null;
}

export interface Me {
  name: string | null;
  role: 'viewer' | 'operator' | 'admin' | 'ci';
  version: string;
}
