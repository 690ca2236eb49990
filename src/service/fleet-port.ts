import { CHECKS } from '../../checks/index.ts';
import type { FleetPort } from '../api/ports.ts';
import type { FleetScorecard, TargetDetail, TargetItem } from '../api/schemas.ts';
import type { AuditSchedule, ConfiguredTarget, Service } from '../config/config.ts';
import { formatDuration } from '../core/duration.ts';
import type { Finding } from '../core/finding.ts';
import { readinessOf } from '../core/readiness.ts';
import { scoreCategories, scoreOf } from '../core/score.ts';
import type { Severity } from '../core/severity.ts';
import type { Target } from '../core/target.ts';
import type { CurrentFinding } from '../store/repositories/findings.ts';
import type { AuditTroubles } from './audit-runner.ts';
import { rfc3339, rfc3339OrNull, type ServiceCore } from './core.ts';

type ServiceFields = FleetScorecard['services'][number];
const SEVERITIES_OF_CHECKS = new Map<string, Severity>(CHECKS.map((check) => [check.id, check.severity]));
const NEVER_AUDITED = { score: null, grade: null, coverage: 0, cappedBy: null };

function scheduleText(schedule: AuditSchedule): string | null {
  if (schedule === null) return null;
  return 'everyMs' in schedule
    ? `every ${formatDuration(schedule.everyMs)}`
    : `${schedule.cron} (${schedule.timeZone})`;
}

function addressOf(target: Target): string | null {
  switch (target.kind) {
    case 'endpoint':
      return target.url;
    case 'host':
      return target.ssh ? `ssh://${target.ssh.user}@${target.ssh.host}:${target.ssh.port}` : 'this machine';
    case 'repository':
      return target.path;
    case 'backup':
      // A repository URL may carry a password.
      return target.source.type === 'files'
        ? target.source.glob
        : target.source.repository.replace(/\/\/[^@/]*@/, '//');
    default:
      return null;
  }
}

/** The finding as reports have it, without what the store adds. */
function plain({
  targetId: _target,
  firstSeenAt: _first,
  lastSeenAt: _last,
  changedAt: _changed,
  ...finding
}: CurrentFinding): Finding {
  return finding;
}

/** Same checks on two targets count twice: each target has to be fit. */
function placed(findings: readonly CurrentFinding[]): Finding[] {
  return findings.map((finding) => ({ ...plain(finding), check: `${finding.targetId} ${finding.check}` }));
}

function failingOf(findings: readonly Finding[]): Partial<Record<Severity, number>> {
  const failing: Partial<Record<Severity, number>> = {};
  for (const one of findings) if (one.status === 'fail') failing[one.severity] = (failing[one.severity] ?? 0) + 1;
  return failing;
}

/** Configuration joined with the newest audits. */
export function fleetPort(core: ServiceCore, troubles: AuditTroubles): FleetPort {
  const { db, config, scheduler, now } = core;
  const configured = () => config.current().targets;
  const ids = () => configured().map(({ target }) => target.id);

  async function items(): Promise<Map<string, TargetItem>> {
    const [latest, counts] = await Promise.all([db.audits.latestByTarget(), db.findings.counts()]);
    const failing = new Map<string, Partial<Record<Severity, number>>>();
    for (const one of counts) {
      if (one.status !== 'fail') continue;
      const sums = failing.get(one.targetId) ?? {};
      sums[one.severity] = (sums[one.severity] ?? 0) + one.count;
      failing.set(one.targetId, sums);
    }
    return new Map(
      configured().map(({ target }) => {
        const audit = latest.get(target.id);
        const { score, grade, coverage, cappedBy } = audit ?? NEVER_AUDITED;
        return [
          target.id,
          {
            id: target.id,
            kind: target.kind,
            name: target.name,
            service: target.service,
            environment: target.environment,
            score,
            grade,
            coverage,
            cappedBy,
            lastAuditAt: rfc3339OrNull(audit?.finishedAt),
            nextAuditAt: rfc3339OrNull(scheduler.nextDueAt(target.id)),
            auditing: scheduler.jobOf(target.id) !== null,
            failing: failing.get(target.id) ?? {},
          },
        ];
      }),
    );
  }

  function detail(one: ConfiguredTarget, item: TargetItem): TargetDetail {
    return {
      ...item,
      labels: one.target.labels,
      schedule: scheduleText(one.audit),
      address: addressOf(one.target),
      monitored: one.monitor !== null || one.heartbeat !== null,
      lastError: troubles.get(one.target.id)?.text ?? null,
    };
  }

  /** What a check weighs on its target, from `placed`: as configured there, else in general, else its own severity. */
  function severityOf(place: string): Severity | undefined {
    const [targetId = '', id = ''] = place.split(' ');
    const layers = [config.target(targetId)?.checks, config.current().checks];
    const said = layers.flatMap((layer) => [layer?.get(id)?.severity, layer?.get(`${id.split('.')[0]}.*`)?.severity]);
    return said.find((one) => one !== undefined) ?? SEVERITIES_OF_CHECKS.get(id);
  }

  function serviceScore(
    service: Service | null,
    targets: TargetItem[],
    findings: readonly CurrentFinding[],
  ): ServiceFields {
    const own = placed(findings);
    const score = own.length === 0 ? NEVER_AUDITED : scoreOf(own, severityOf);
    return {
      id: service?.id ?? null,
      name: service?.name ?? 'no service',
      owner: service?.owner ?? null,
      tier: service?.tier ?? null,
      environment: service?.environment ?? null,
      ...score,
      cappedBy: score.cappedBy?.split(' ')[1] ?? null,
      categories: scoreCategories(own, severityOf).map((one) => ({
        ...one,
        cappedBy: one.cappedBy?.split(' ')[1] ?? null,
      })),
      targets,
      failing: failingOf(findings),
    };
  }

  return {
    targets: async () => [...(await items()).values()],
    async target(id) {
      const one = config.target(id);
      const item = one && (await items()).get(id);
      return one && item ? detail(one, item) : null;
    },
    async scorecard() {
      const [targets, findings] = await Promise.all([items(), db.findings.current(...ids())]);
      const all = [...targets.values()];
      const services: ServiceFields[] = [];
      for (const service of [...config.current().services, null]) {
        const own = all.filter((one) => one.service === (service?.id ?? null));
        if (service === null && own.length === 0) continue;
        const names = new Set(own.map((one) => one.id));
        services.push(
          serviceScore(
            service,
            own,
            findings.filter((one) => names.has(one.targetId)),
          ),
        );
      }
      return { generatedAt: rfc3339(now()), services };
    },
    async service(id) {
      const { services, alerting } = config.current();
      const service = services.find((one) => one.id === id);
      if (!service) return null;
      const own = configured().filter(({ target }) => target.service === id);
      const [targets, findings, attestations] = await Promise.all([
        items(),
        db.findings.current(...own.map(({ target }) => target.id)),
        db.attestations.list(id),
      ]);
      const shown = own.flatMap(({ target }) => targets.get(target.id) ?? []);
      return {
        ...serviceScore(service, shown, findings),
        id: service.id,
        runbook: service.runbook,
        dependsOn: service.dependsOn,
        readiness: readinessOf({
          service: {
            id,
            owner: service.owner,
            runbook: service.runbook,
            hasMonitor: own.some((one) => one.monitor !== null || one.heartbeat !== null),
            hasAlerting: (alerting?.routes.length ?? 0) > 0,
          },
          findings: findings.map(plain),
          attestations,
          now: now(),
        }),
      };
    },
    async report(targetId) {
      const one = config.target(targetId);
      const audit = await db.audits.latest(targetId);
      if (!one || !audit) return null;
      const { score, grade, coverage, cappedBy, categories, connections } = audit;
      const { id, kind, name } = one.target;
      const findings = (await db.findings.current(id)).map(plain);
      const cost = { durationMs: audit.finishedAt - audit.startedAt, ...(connections === null ? {} : { connections }) };
      return { id, kind, name, score, grade, coverage, cappedBy, categories, findings, ...cost };
    },
    async findings(targetId) {
      const found = await db.findings.current(...(targetId === null ? ids() : [targetId]));
      return found.map((one) => ({
        ...plain(one),
        target: one.targetId,
        since: rfc3339(one.changedAt),
        firstSeenAt: rfc3339(one.firstSeenAt),
      }));
    },
    async history(targetId, range, limit) {
      const points = await db.audits.history(targetId, { ...range, limit });
      return points.map((point) => ({ ...point, at: rfc3339(point.at) }));
    },
    async changes({ target, since, limit }) {
      const known = new Set(ids());
      const rows = await db.findings.changesSince(since, {
        ...(target === undefined ? {} : { targetId: target }),
        limit: 10_000,
      });
      return (
        rows
          // What the first look at a target finds was there before: it is no change.
          .filter((row) => known.has(row.targetId) && row.run > 1)
          .slice(-limit)
          .reverse()
          .map((row) => ({
            at: rfc3339(row.at),
            target: row.targetId,
            fingerprint: row.fingerprint,
            check: row.payload?.check ?? '',
            subject: row.payload?.subject ?? '',
            from: row.fromStatus,
            to: row.toStatus,
            severity: row.toSeverity,
            auditId: row.auditId,
          }))
      );
    },
  };
}
