import type { Alerting } from '../core/alerting.ts';
import type { Check } from '../core/check.ts';
import type { CheckSettings } from '../core/evaluate.ts';
import type { HeartbeatSpec, MonitorSpec, Slo } from '../core/monitor.ts';
import type { Target } from '../core/target.ts';
import type { Waiver } from '../core/waiver.ts';
import { type CheckOverrides, settingsFrom } from './check-overrides.ts';
import type { Problem } from './problem.ts';

/** When a target is audited: a period, or a cron line in a time zone; `null` = never by itself. */
export type AuditSchedule = { everyMs: number } | { cron: string; timeZone: string } | null;

/** Something that users depend on. */
export interface Service {
  id: string;
  name: string;
  owner: string | null;
  tier: number | null;
  environment: string;
  runbook: string | null;
  dependsOn: string[];
  description: string | null;
  slo?: Slo;
}

export interface ConfiguredTarget {
  target: Target;
  audit: AuditSchedule;
  monitor: MonitorSpec | null;
  heartbeat: HeartbeatSpec | null;
  checks: CheckOverrides;
}

/** A configuration that has been read, checked and resolved: defaults filled in, every reference known to exist. */
export interface Config {
  services: Service[];
  targets: ConfiguredTarget[];
  checks: CheckOverrides;
  waivers: Waiver[];
  /** `null` where there is no `alerting`: incidents show and nobody is told. */
  alerting: Alerting | null;
  publish: { status: string[]; badges: string[]; metrics: boolean };
  /** What is asked whether we can see at all; the default gateway where it is empty. */
  observer: { reach: { host: string; port: number }[] };
  /** What is allowed and probably not meant. */
  warnings: Problem[];
  /** Absolute paths of the files that it came from, for watching. */
  files: string[];
}

/** A configuration without anything, for runs that have no file. */
export function emptyConfig(): Config {
  return {
    services: [],
    targets: [],
    checks: new Map(),
    waivers: [],
    alerting: null,
    publish: { status: [], badges: [], metrics: false },
    observer: { reach: [] },
    warnings: [],
    files: [],
  };
}

/** What the configuration says about a check on a target; for a target that is not in it, what it says in general. */
export function checkSettings(config: Config, targetId: string): (check: Check) => CheckSettings {
  const own = config.targets.find(({ target }) => target.id === targetId)?.checks;
  const layers = own ? [config.checks, own] : [config.checks];
  const known = new Map<string, CheckSettings>();
  return (check) => {
    const settings = known.get(check.id) ?? settingsFrom(check, layers);
    known.set(check.id, settings);
    return settings;
  };
}
