import type { Category } from '../../core/category.ts';
import type { Absence } from '../../core/collected.ts';
import type { Finding, Status } from '../../core/finding.ts';
import type { Grade, Score } from '../../core/score.ts';
import type { Severity } from '../../core/severity.ts';
import type { Target, TargetKind } from '../../core/target.ts';
import { bool, bytes, int, json, real, str, table } from '../columns.ts';

/** What the configuration names, as of its last reading; what it no longer names keeps its row and its history. */
export const targets = table(
  'targets',
  {
    id: str.required(),
    kind: str.required<TargetKind>(),
    name: str.required(),
    service: str.nullable(),
    environment: str.required(),
    labels: json.required<Record<string, string>>(),
    spec: json.required<Target>(),
    addedAt: int.required(),
    removedAt: int.nullable(),
  },
  { primary: ['id'] },
);

/** Where the facts of an audit lie: one entry per fact, by content hash. `at` and `ms` as in `Collected`. */
export interface FactsManifest {
  kind: TargetKind;
  collectedAt: number;
  /** Hash of the target as it was audited. */
  target: string | null;
  parts: Record<string, { hash: string; at: number; ms: number } | { absence: Absence; at: number; ms: number }>;
}

export const AUDIT_TRIGGERS = ['schedule', 'api', 'cli', 'replay', 'ci'] as const;
export type AuditTrigger = (typeof AUDIT_TRIGGERS)[number];

/** One row per finished audit; the only row that an audit without news adds. */
export const audits = table(
  'audits',
  {
    id: str.required(),
    targetId: str.required(),
    /** 1, 2, 3 ... per target: the order of audits, whatever the clock did. */
    run: int.required(),
    trigger: str.required<AuditTrigger>(),
    status: str.required<'done' | 'failed'>(),
    error: str.nullable(),
    startedAt: int.required(),
    finishedAt: int.required(),
    score: int.nullable(),
    grade: str.nullable<Grade>(),
    coverage: real.required(),
    cappedBy: str.nullable(),
    categories: json.required<(Score & { id: Category })[]>(),
    counts: json.required<Partial<Record<Status, number>>>(),
    algorithm: int.required(),
    toolVersion: str.required(),
    connections: int.nullable(),
    factsHash: str.nullable(),
    facts: json.nullable<FactsManifest>(),
  },
  {
    primary: ['id'],
    unique: [['targetId', 'run']],
    indexes: [
      ['finishedAt', 'id'],
      ['targetId', 'finishedAt', 'id'],
    ],
  },
);

/** The newest audits of each target; also the row that two audits of one target queue for. */
export const targetHeads = table(
  'target_heads',
  {
    targetId: str.required(),
    run: int.required(),
    lastAuditId: str.nullable(),
    lastAuditAt: int.nullable(),
    /** The newest audit that was not cut short: findings stand as it left them. */
    lastDoneId: str.nullable(),
    lastDoneAt: int.nullable(),
  },
  { primary: ['targetId'] },
);

/** Facts by the hash of their JSON, compressed; shared by all audits that saw the same. */
export const facts = table(
  'facts',
  {
    hash: str.required(),
    encoding: str.required<'br'>(),
    size: int.required(),
    body: bytes.required(),
    createdAt: int.required(),
  },
  { primary: ['hash'], indexes: [['createdAt']] },
);

/** The current state of everything a check ever said about a target. `gone` = the last audit no longer mentions it. */
export const findings = table(
  'findings',
  {
    targetId: str.required(),
    fingerprint: str.required(),
    checkId: str.required(),
    status: str.required<Status | 'gone'>(),
    severity: str.required<Severity>(),
    /** It failed and nothing since has shown that it is fixed; stays true while we cannot look. */
    failing: bool.required(),
    payload: json.required<Finding>(),
    firstSeenAt: int.required(),
    changedAt: int.required(),
    /** Only where it is not simply the target's last audit: gone since, or seen by a partial audit. */
    lastSeenAt: int.nullable(),
  },
  { primary: ['targetId', 'fingerprint'], indexes: [['failing', 'severity']] },
);

/** Every change of a finding, append only. `fromStatus` is null when it was never seen before. */
export const findingChanges = table(
  'finding_changes',
  {
    targetId: str.required(),
    fingerprint: str.required(),
    run: int.required(),
    auditId: str.required(),
    at: int.required(),
    fromStatus: str.nullable<Status | 'gone'>(),
    toStatus: str.required<Status | 'gone'>(),
    fromSeverity: str.nullable<Severity>(),
    toSeverity: str.required<Severity>(),
    failing: bool.required(),
    /** The finding as it was at the change; null for `gone`. */
    payload: json.nullable<Finding>(),
  },
  { primary: ['targetId', 'fingerprint', 'run'], indexes: [['at'], ['auditId']] },
);

/** What a gate compares with, by name (a target's id, a branch). */
export const baselines = table(
  'baselines',
  {
    name: str.required(),
    auditId: str.nullable(),
    createdAt: int.required(),
    createdBy: str.nullable(),
    report: json.required<unknown>(),
  },
  { primary: ['name'] },
);
