import type { AuditPort } from '../api/ports.ts';
import { ProblemError } from '../api/problem.ts';
import type { AuditItem } from '../api/schemas.ts';
import { joinReports } from '../audit/join.ts';
import { replay } from '../audit/replay.ts';
import type { Job } from '../audit/scheduler.ts';
import type { TargetReport } from '../core/report.ts';
import type { AuditSummary } from '../store/repositories/audits.ts';
import type { AuditTroubles } from './audit-runner.ts';
import { rfc3339, type ServiceCore } from './core.ts';

function toItem(row: AuditSummary): AuditItem {
  const { id, targetId, trigger, status, error, score, grade, coverage, cappedBy, counts } = row;
  const times = { startedAt: rfc3339(row.startedAt), finishedAt: rfc3339(row.finishedAt) };
  return { id, target: targetId, trigger, status, error, score, grade, coverage, cappedBy, counts, ...times };
}

/** An audit that has no row in the store: it runs, or it could not be saved. */
function withoutRow(
  id: string,
  target: string,
  more: Partial<AuditItem> & { trigger: string; startedAt: string },
): AuditItem {
  const nothing = { score: null, grade: null, coverage: 0, cappedBy: null, counts: {}, error: null, finishedAt: null };
  return { id, target, status: 'running', ...nothing, ...more };
}

const running = (job: Job): AuditItem =>
  withoutRow(job.id, job.entry, { trigger: job.trigger, startedAt: rfc3339(job.startedAt ?? job.dueAt) });

export function auditPort(core: ServiceCore, troubles: AuditTroubles): AuditPort {
  const { db, scheduler, config, checks } = core;

  async function reportOf(row: AuditSummary): Promise<TargetReport | null> {
    if (row.status !== 'done') return null;
    const target = await db.targets.get(row.targetId);
    if (!target) return null;
    const { score, grade, coverage, cappedBy, categories } = row;
    const findings = await db.findings.asOf(row.id);
    const durationMs = row.finishedAt - row.startedAt;
    return {
      id: target.id,
      kind: target.kind,
      name: target.name,
      score,
      grade,
      coverage,
      cappedBy,
      categories,
      findings,
      durationMs,
    };
  }

  return {
    async page({ cursor, limit, target }) {
      const page = await db.audits.page({ cursor, limit, targetId: target });
      return { items: page.items.map(toItem), nextCursor: page.nextCursor };
    },
    async get(id) {
      const job = scheduler.job(id);
      if (job) return { item: running(job), report: null };
      const row = await db.audits.get(id);
      if (row) return { item: toItem(row), report: await reportOf(row) };
      for (const [target, trouble] of troubles) {
        if (trouble.auditId !== id) continue;
        const times = { startedAt: rfc3339(trouble.startedAt), finishedAt: rfc3339(trouble.at) };
        return {
          item: withoutRow(id, target, { trigger: 'api', status: 'failed', error: trouble.text, ...times }),
          report: null,
        };
      }
      return null;
    },
    start(targetId) {
      const begun = scheduler.trigger(targetId);
      if (!begun) {
        throw new ProblemError(409, `"${targetId}" cannot be audited now`, {
          hint: 'heartbeats are not audited; a service that is stopping starts nothing',
        });
      }
      return { id: begun.job.id, started: begun.started };
    },
    async replay(id) {
      const row = await db.audits.get(id);
      if (!row?.facts) return null;
      const { bundle, target } = await db.facts.load(row.targetId, row.facts);
      if (!target) return null;
      const policy = config.policy(await db.waivers.list());
      const enabled = checks.filter((check) => policy.settings(target, check).enabled);
      const report = replay(target, bundle, enabled, policy);
      return joinReports([{ target, report }], checks, policy)[0] ?? report;
    },
  };
}
