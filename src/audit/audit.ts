import PQueue from 'p-queue';
import type { Check } from '../core/check.ts';
import type { FactBundle } from '../core/facts/bundle.ts';
import type { AuditReport, TargetReport } from '../core/report.ts';
import type { Target } from '../core/target.ts';
import type { Probe } from '../probes/probe.ts';
import { carryOver, type Earlier } from './carry-over.ts';
import { type Caused, type GatherInput, gather } from './gather.ts';
import { DEFAULT_POLICY, judge, type Policy } from './judge.ts';
import { banPause, suspectBan } from './possibly-banned.ts';
import { closedDoor, type Recognise, recognised } from './recognised.ts';
import { checksFor, probesFor } from './select.ts';

/** Everything an audit is made of, handed in. */
export interface AuditParts {
  checks: readonly Check[];
  probes: readonly Probe[];
  policy?: Policy | undefined;
  recognise: Recognise;
  now(): number;
  signal?: AbortSignal | undefined;
  /** Ceiling over every probe's own time-out, ms. */
  timeoutMs?: number | undefined;
  /** What the last audit saw, for facts with a timetable of their own; everything is collected where not given. */
  earlier?: Earlier | undefined;
  /** Facts of the audit before, by which a refusal is told from a host that never answered. */
  before?: Earlier | undefined;
  /** Whether a person asked for this audit now: no back-off stands in its way. */
  insist?: boolean | undefined;
  onProbe?: GatherInput['onProbe'];
  /** Told about probes and checks that broke in a way nobody foresaw. */
  onCrash?: ((what: string, thrown: unknown) => void) | undefined;
}

/** One target after its audit: the verdict, what it was given for, and what the looking cost. */
export interface AuditedTarget {
  target: Target;
  report: TargetReport;
  bundle: FactBundle;
  caused: Caused;
  /** Epoch ms. */
  startedAt: number;
  finishedAt: number;
}

/** Audits one target. Never rejects for anything that the target does. */
export async function auditTarget(given: Target, parts: AuditParts): Promise<AuditedTarget> {
  const startedAt = parts.now();
  const signal = parts.signal ?? new AbortController().signal;
  const policy = parts.policy ?? DEFAULT_POLICY;
  const pause = parts.insist ? null : banPause(given, parts.before, startedAt);
  const { target, probes } = pause
    ? { target: given, probes: parts.probes.map((probe) => closedDoor(probe, pause)) }
    : await recognised(given, parts.probes, parts.recognise, signal);
  const checks = checksFor(target.kind, parts.checks, probes).filter((check) => policy.settings(target, check).enabled);
  const wanted = probesFor(target.kind, checks, probes);
  const { plan, carried } =
    parts.earlier === undefined ? { plan: wanted, carried: {} } : carryOver(wanted, parts.earlier, startedAt);
  const gathered = await gather({
    target,
    plan,
    signal,
    now: parts.now,
    timeoutMs: parts.timeoutMs,
    onProbe: parts.onProbe,
    onCrash: (probe, thrown) => parts.onCrash?.(`probe ${probe}`, thrown),
  });
  const { caused } = gathered;
  const seen = pause ? gathered.bundle.facts : suspectBan(given, gathered.bundle.facts, parts.before, startedAt);
  const bundle = { ...gathered.bundle, facts: { ...seen, ...carried } };
  const report = judge({
    target,
    bundle,
    checks,
    policy,
    now: bundle.collectedAt,
    onCrash: (check, thrown) => parts.onCrash?.(`check ${check.id}`, thrown),
  });
  const finishedAt = parts.now();
  const ms = finishedAt - startedAt;
  const cost = { durationMs: ms, connections: caused.connections, caused: { ...caused, ms } };
  return { target, report: { ...report, ...cost }, bundle, caused, startedAt, finishedAt };
}

/** Audits several targets side by side, at most `concurrency` at once; the order of the answer is that of the question. */
export async function auditTargets(
  targets: readonly Target[],
  parts: AuditParts & { concurrency?: number | undefined; onTarget?: ((done: AuditedTarget) => void) | undefined },
): Promise<AuditedTarget[]> {
  const queue = new PQueue({ concurrency: parts.concurrency ?? 8 });
  return Promise.all(
    targets.map((target) =>
      queue.add(async () => {
        const done = await auditTarget(target, parts);
        parts.onTarget?.(done);
        return done;
      }),
    ),
  );
}

/** The public report of a run. */
export function toAuditReport(
  reports: readonly TargetReport[],
  run: { version: string; generatedAt: number; durationMs: number },
): AuditReport {
  return {
    schemaVersion: 1,
    tool: { name: 'seaworthy', version: run.version },
    generatedAt: new Date(run.generatedAt).toISOString(),
    durationMs: run.durationMs,
    targets: [...reports],
  };
}
