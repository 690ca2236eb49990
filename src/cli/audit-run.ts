import { CHECKS } from '../../checks/index.ts';
import { type AuditedTarget, auditTargets, toAuditReport } from '../audit/audit.ts';
import { joinReports } from '../audit/join.ts';
import type { Policy } from '../audit/judge.ts';
import { replay } from '../audit/replay.ts';
import { selectChecks } from '../audit/select.ts';
import { type Config, checkSettings } from '../config/config.ts';
import type { Check, CheckMeta } from '../core/check.ts';
import { AppError, reasonOf } from '../core/error.ts';
import type { AuditReport, TargetReport } from '../core/report.ts';
import type { Target } from '../core/target.ts';
import { recognise } from '../net/recognise.ts';
import { PROBES } from '../probes/index.ts';
import type { AuditOptions } from './audit-options.ts';
import { readFacts, saveFacts } from './facts-file.ts';
import type { Io } from './io.ts';
import { progress } from './progress.ts';
import { readTargets } from './targets.ts';
import { version } from './version.ts';

export interface RunInput {
  /** Words of the command line; all targets of the configuration for `gate` without any. */
  targets: readonly string[];
  options: AuditOptions;
  config: Config;
}

/** Audits what the command line names, or judges recorded facts again. */
export async function runAudit({ targets, options, config }: RunInput, io: Io): Promise<AuditReport> {
  const startedAt = io.now();
  const checks = selectChecks(CHECKS, {
    ...(options.only === undefined ? {} : { only: options.only }),
    ...(options.skip === undefined ? {} : { skip: options.skip }),
  });
  const policy = policyOf(config);
  const reports =
    options.facts === undefined
      ? await look(readTargets(targets, { config, access: options, cwd: io.cwd }), checks, policy, options, io)
      : judgeAgain(options.facts, targets, checks, policy);
  if (!options.quiet) {
    for (const report of reports) {
      if (report.findings.length === 0) io.err(`warning: no check that was chosen applies to ${report.id}\n`);
    }
  }
  return toAuditReport(reports, { version: version(), generatedAt: io.now(), durationMs: io.now() - startedAt });
}

/** What the configuration says about checks, for targets that it knows and for those that it does not. */
export function policyOf(config: Config): Policy {
  const known = new Map<string, ReturnType<typeof checkSettings>>();
  return {
    waivers: config.waivers,
    settings(target: Target, check: Check) {
      const settings = known.get(target.id) ?? checkSettings(config, target.id);
      known.set(target.id, settings);
      return settings(check);
    },
  };
}

async function look(
  targets: readonly Target[],
  checks: readonly Check[],
  policy: Policy,
  options: AuditOptions,
  io: Io,
): Promise<TargetReport[]> {
  const bar = progress(io, targets.length, options.quiet === true);
  let audited: AuditedTarget[];
  try {
    audited = await auditTargets(targets, {
      checks,
      probes: PROBES,
      policy,
      recognise,
      now: io.now,
      signal: io.signal,
      timeoutMs: options.timeout,
      concurrency: options.concurrency,
      onProbe: () => bar.probe(),
      onTarget: ({ target }) => bar.target(target.name),
      onCrash: (what, thrown) => io.err(`warning: ${what} broke: ${reasonOf(thrown)}\n`),
    });
  } finally {
    bar.done();
  }
  if (options.saveFacts !== undefined) saveFacts(options.saveFacts, audited);
  return joinReports(audited, checks, policy);
}

function judgeAgain(file: string, words: readonly string[], checks: readonly Check[], policy: Policy): TargetReport[] {
  const recorded = readFacts(file);
  const missing = words.find((word) => !recorded.some(({ target }) => target.id === word));
  if (missing !== undefined) {
    throw new AppError('target-unknown', `"${missing}" is not in ${file}`, {
      hint: `it has ${recorded.map(({ target }) => target.id).join(', ') || 'no target'}`,
    });
  }
  const chosen = words.length === 0 ? recorded : recorded.filter(({ target }) => words.includes(target.id));
  const judged = chosen.map(({ target, bundle }) => {
    const enabled = checks.filter((check) => policy.settings(target, check).enabled);
    return { target, report: replay(target, bundle, enabled, policy) };
  });
  return joinReports(judged, checks, policy);
}

/** Metadata of a check, for reports. */
export function metaOf(id: string): CheckMeta | undefined {
  return CHECKS.find((check) => check.id === id);
}
