import type { Finding, Status } from '../core/finding.ts';
import type { Incident } from '../core/incident.ts';
import { SCORE_ALGORITHM } from '../core/score.ts';
import type { Severity } from '../core/severity.ts';
import type { Signal } from '../core/signal.ts';
import type { Target } from '../core/target.ts';
import { auditKeyPrefix, signalsFromFindings } from '../incidents/from-findings.ts';
import { packFacts } from '../store/repositories/facts.ts';
import type { FindingDiff } from '../store/repositories/findings.ts';
import type { Repositories } from '../store/repositories/index.ts';
import type { Store, Tx } from '../store/store.ts';
import type { AuditTrigger } from '../store/tables/audits.ts';
import type { AuditedTarget } from './audit.ts';

/** What saving an audit needs besides the audit. */
export interface RecordParts {
  store: Store;
  repositories: Repositories;
  /** Gives signals to the incidents, inside the transaction. */
  applySignals(q: Tx, signals: readonly Signal[], now: number): Promise<unknown>;
  /** Failures below it open no incident. */
  minSeverity: Severity | 'none';
  version: string;
  newId(now: number): string;
}

export interface RecordedAudit {
  id: string;
  run: number;
  diff: FindingDiff;
  signals: readonly Signal[];
}

/**
 * Saves a finished audit: its row, its facts, what changed in the findings, and what that means for the incidents, all
 * in one transaction. When it has resolved, the audit is safe; when it rejects, nothing of it is there.
 */
export async function recordAudit(
  audited: AuditedTarget,
  how: { trigger: AuditTrigger; id?: string; scope?: 'full' | 'partial' },
  parts: RecordParts,
): Promise<RecordedAudit> {
  const { store, repositories } = parts;
  const { target, report, bundle, startedAt, finishedAt } = audited;
  const id = how.id ?? parts.newId(finishedAt);
  const packed = await packFacts(bundle, target);
  return store.write(async (q) => {
    await repositories.facts.save(q, packed, finishedAt);
    const run = await repositories.audits.save(q, {
      id,
      targetId: target.id,
      trigger: how.trigger,
      status: 'done',
      error: null,
      startedAt,
      finishedAt,
      score: report.score,
      grade: report.grade,
      coverage: report.coverage,
      cappedBy: report.cappedBy,
      categories: report.categories,
      counts: countByStatus(report.findings),
      algorithm: SCORE_ALGORITHM,
      toolVersion: parts.version,
      connections: report.connections ?? null,
      factsHash: packed.hash,
      facts: packed.manifest,
    });
    const { findings } = report;
    const scope = how.scope ?? 'full';
    const diff = await repositories.findings.record(q, {
      auditId: id,
      targetId: target.id,
      run,
      at: finishedAt,
      findings,
      scope,
    });
    const signals = signalsFromFindings({
      target,
      findings,
      unresolved: await unresolvedOf(target, repositories, q),
      minSeverity: parts.minSeverity,
      now: finishedAt,
    });
    await parts.applySignals(q, signals, finishedAt);
    return { id, run, diff, signals };
  });
}

function countByStatus(findings: readonly Finding[]): Partial<Record<Status, number>> {
  const counts: Partial<Record<Status, number>> = {};
  for (const { status } of findings) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** The incidents that earlier audits of this target opened and that are not resolved, by key. */
async function unresolvedOf(target: Target, repositories: Repositories, q: Tx): Promise<Map<string, Incident>> {
  const prefix = auditKeyPrefix(target.id);
  const unresolved = await repositories.incidents.unresolved(q);
  return new Map(unresolved.filter((one) => one.key.startsWith(prefix)).map((one) => [one.key, one]));
}
