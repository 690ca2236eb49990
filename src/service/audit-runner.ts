import { auditTarget } from '../audit/audit.ts';
import type { Earlier } from '../audit/carry-over.ts';
import { joinReports } from '../audit/join.ts';
import type { Recognise } from '../audit/recognised.ts';
import { recordAudit } from '../audit/record.ts';
import type { Entry, Job } from '../audit/scheduler.ts';
import type { Config } from '../config/config.ts';
import { INCIDENT_SEVERITY } from '../core/alerting.ts';
import { reasonOf } from '../core/error.ts';
import type { Target } from '../core/target.ts';
import type { Applied } from '../incidents/apply.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { CrashReporter } from '../ops/sentry.ts';
import type { Probe } from '../probes/probe.ts';
import { newId } from '../store/id.ts';
import type { ServiceCore } from './core.ts';

/** What must not be looked at by two audits at once. */
function hostOf(target: Target): string {
  switch (target.kind) {
    case 'endpoint':
      return target.host;
    case 'host':
      return target.ssh?.host ?? 'this machine';
    case 'repository':
      return `folder ${target.path}`;
    case 'backup':
      if (target.source.type !== 'files') return `repository ${target.source.repository}`;
      return target.source.over?.host ?? 'this machine';
    default:
      return target.id;
  }
}

/** The configuration as the scheduler wants it. Heartbeats report by themselves and are not audited. */
export function auditEntries(config: Config, lastAuditAt: ReadonlyMap<string, number>): Entry[] {
  return config.targets
    .filter(({ target }) => target.kind !== 'heartbeat')
    .map(({ target, audit }) => ({
      id: target.id,
      host: hostOf(target),
      schedule: audit,
      lastAt: lastAuditAt.get(target.id) ?? null,
    }));
}

/** The facts of the last finished audit; `null` where there was none, or its facts are no longer kept. */
async function earlierFacts(db: ServiceCore['db'], targetId: string): Promise<Earlier> {
  const last = await db.audits.latest(targetId);
  if (!last?.facts) return null;
  try {
    return (await db.facts.load(targetId, last.facts)).bundle.facts;
  } catch {
    return {}; // written by a version whose facts looked different: collected anew
  }
}

export interface RunnerParts {
  probes: readonly Probe[];
  recognise: Recognise;
  metrics: Metrics;
  crashes: CrashReporter;
}

/** Audits that ended without a result, newest per target; gone with the next one that succeeds. */
export type AuditTroubles = Map<string, { auditId: string; at: number; startedAt: number; text: string }>;

/** Runs one job: audit, save, tell. Never rejects. */
export function createAuditRunner(core: () => ServiceCore, parts: RunnerParts, troubles: AuditTroubles) {
  return async (job: Job, signal: AbortSignal): Promise<void> => {
    const { config, db, store, alerts, events, log, now, version, checks } = core();
    const configured = config.target(job.entry);
    if (!configured) return;
    const { target } = configured;
    const startedAt = now();
    const line = log.child({ audit: job.id, target: target.id, trigger: job.trigger });
    events.publish('audit.started', { target: target.id, audit: job.id });
    try {
      const policy = config.policy(await db.waivers.list());
      const before = await earlierFacts(db, target.id);
      const looked = await auditTarget(target, {
        checks,
        probes: parts.probes,
        recognise: parts.recognise,
        policy,
        now,
        signal,
        // Whoever asks for an audit now wants to see what is there now.
        earlier: job.trigger === 'api' ? undefined : before,
        before,
        insist: job.trigger === 'api',
        onProbe: ({ probe, ms, ok }) => {
          parts.metrics.probeSeconds.observe({ probe, result: ok ? 'ok' : 'absent' }, ms / 1_000);
        },
        onCrash: (what, thrown) => {
          parts.metrics.crashes.inc({ where: 'audit' });
          parts.crashes.report(thrown, what);
          line.error({ err: thrown, what }, 'a probe or check broke');
        },
      });
      // Half an audit would look like lost coverage; the next start makes up for it.
      if (signal.aborted) return void line.warn('audit stopped before its end; nothing of it is kept');
      const elsewhere = (await db.findings.failing())
        .filter((finding) => finding.targetId !== target.id)
        .map((finding) => ({ target: finding.targetId, finding }));
      const [report = looked.report] = joinReports([looked], checks, policy, elsewhere);
      const audited = { ...looked, report };
      let applied: Applied | null = null;
      const recorded = await recordAudit(
        audited,
        { trigger: job.trigger, id: job.id },
        {
          store,
          repositories: db,
          applySignals: async (q, signals, at) => {
            applied = await alerts.apply(q, signals, at);
          },
          minSeverity: INCIDENT_SEVERITY,
          version,
          newId,
        },
      );
      troubles.delete(target.id);
      if (applied) alerts.settled(applied);
      const ms = audited.finishedAt - audited.startedAt;
      parts.metrics.audits.inc({ trigger: job.trigger, result: 'done' });
      parts.metrics.auditSeconds.observe({ kind: target.kind }, ms / 1_000);
      const { opened, closed } = recorded.diff;
      line.info(
        { score: report.score, grade: report.grade, opened: opened.length, closed: closed.length, ms },
        'audit finished',
      );
      events.publish('audit.finished', { target: target.id, audit: job.id, status: 'done', score: report.score });
    } catch (error) {
      troubles.set(target.id, { auditId: job.id, at: now(), startedAt, text: reasonOf(error) });
      parts.metrics.audits.inc({ trigger: job.trigger, result: 'failed' });
      parts.crashes.report(error, 'audit');
      line.error({ err: error }, 'the audit could not be completed');
      events.publish('audit.finished', { target: target.id, audit: job.id, status: 'failed', score: null });
    }
  };
}
