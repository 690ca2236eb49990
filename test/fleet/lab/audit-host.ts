import { expect } from 'vitest';
import { CHECKS } from '../../../checks/index.ts';
import { auditTarget } from '../../../src/audit/audit.ts';
import { DEFAULT_POLICY } from '../../../src/audit/judge.ts';
import type { Check } from '../../../src/core/check.ts';
import { byCheck, type Finding, worstStatus } from '../../../src/core/finding.ts';
import type { DeclaredExposure, HostTarget, SshLogin } from '../../../src/core/target.ts';
import { PROBES } from '../../../src/probes/index.ts';
import type { LabHost } from './host.ts';

export interface HostAuditOptions {
  sudo?: boolean;
  /** Which checks; all of hosts where not given. */
  checks?: readonly Check[];
  /** Options of checks by id. */
  options?: Record<string, unknown>;
  timeoutMs?: number;
  /** The ports that are declared for the host. */
  firewall?: DeclaredExposure;
  /** What else is said of the log-in. */
  ssh?: Partial<SshLogin>;
}

/** The target that a lab host is, with the log-in of its account "audit". */
export function targetOf(host: LabHost, sudo = true): HostTarget {
  return {
    kind: 'host',
    id: host.name,
    name: host.name,
    service: null,
    environment: 'test',
    labels: {},
    transport: 'ssh',
    ssh: { user: 'audit', host: host.address, port: 22, identity: host.identity, knownHosts: host.knownHosts, sudo },
    firewall: null,
  };
}

export const HOST_CHECKS = CHECKS.filter((check) => check.category === 'host');

function loggedIn(target: HostTarget, ssh: Partial<SshLogin> = {}): HostTarget {
  return target.ssh ? { ...target, ssh: { ...target.ssh, ...ssh } } : target;
}

/** Audits a host of the lab as a person would over SSH; a probe or check that breaks fails the test. */
export async function auditHost(host: LabHost, more: HostAuditOptions = {}) {
  const crashes: unknown[] = [];
  const target = { ...loggedIn(targetOf(host, more.sudo ?? true), more.ssh), firewall: more.firewall ?? null };
  const { report, bundle, caused } = await auditTarget(target, {
    checks: more.checks ?? HOST_CHECKS,
    probes: PROBES,
    policy: {
      ...DEFAULT_POLICY,
      settings: (_, check) => ({ enabled: true, options: check.options.parse(more.options?.[check.id] ?? {}) }),
    },
    recognise: async () => 'tcp',
    now: () => Date.now(),
    timeoutMs: more.timeoutMs,
    onCrash: (what, thrown) => crashes.push([what, thrown]),
  });
  expect(crashes).toEqual([]);
  const findings = byCheck(report.findings);
  return {
    bundle,
    caused,
    of: (check: string): Finding[] => findings.get(check) ?? [],
    status: (check: string) => worstStatus((findings.get(check) ?? []).map((one) => one.status)),
    failed: (check: string) =>
      (findings.get(check) ?? []).filter((one) => one.status === 'fail').map((one) => one.subject),
  };
}
