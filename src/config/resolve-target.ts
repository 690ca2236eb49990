import { readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { reasonOf } from '../core/error.ts';
import type { BackupSource, HostTarget, SshLogin, Target, TargetBase } from '../core/target.ts';
import { readOverride } from './check-overrides.ts';
import type { AuditSchedule, ConfiguredTarget, Service } from './config.ts';
import { parseEndpoint, parseSshUrl } from './endpoint.ts';
import { expandPath } from './paths.ts';
import { resolveHeartbeat, resolveMonitor } from './resolve-monitor.ts';
import type { TargetInput } from './schema/target.ts';

/** Audits of targets that say nothing about it. */
const DEFAULT_EVERY_MS: Record<Target['kind'], number | null> = {
  endpoint: 6 * 3_600_000,
  host: 6 * 3_600_000,
  repository: 86_400_000,
  backup: 3_600_000,
  heartbeat: null,
};

export interface TargetContext {
  dir: string;
  env: Readonly<Record<string, string | undefined>>;
  services: readonly Service[];
  /** Host targets that are already resolved, for backups that lie on them. */
  hosts: ReadonlyMap<string, HostTarget>;
  error(key: string, message: string): void;
  warn(key: string, message: string): void;
}

/** A target as the rest of the program knows it; `null` when it said what is wrong through the context. */
export function resolveTarget(input: TargetInput, context: TargetContext): ConfiguredTarget | null {
  const service = context.services.find(({ id }) => id === input.service);
  const base: TargetBase = {
    id: input.id,
    name: input.name ?? input.id,
    service: input.service ?? null,
    environment: input.environment ?? service?.environment ?? 'production',
    labels: input.labels ?? {},
  };
  const target = build(input, base, context);
  if (!target) return null;
  const monitor =
    target.kind === 'endpoint' && 'endpoint' in input && input.monitor ? resolveMonitor(target, input.monitor) : null;
  if (typeof monitor === 'string') {
    context.error('monitor', monitor);
    return null;
  }
  return {
    target,
    audit: auditSchedule(input.audit, hasNothingToAudit(target) ? null : DEFAULT_EVERY_MS[target.kind]),
    monitor,
    heartbeat:
      target.kind === 'heartbeat' && 'heartbeat' in input ? resolveHeartbeat(target, input.heartbeat.severity) : null,
    checks: new Map(Object.entries(input.checks ?? {}).map(([id, override]) => [id, readOverride(override)])),
  };
}

/** A name or an address alone offers no service. */
function hasNothingToAudit(target: Target): boolean {
  return target.kind === 'endpoint' && (target.protocol === 'dns' || target.protocol === 'icmp');
}

function auditSchedule(input: TargetInput['audit'], fallbackMs: number | null): AuditSchedule {
  if (input === undefined) return fallbackMs === null ? null : { everyMs: fallbackMs };
  if (typeof input !== 'object') return null;
  return 'every' in input ? { everyMs: input.every } : { cron: input.cron, timeZone: input.timeZone };
}

function build(input: TargetInput, base: TargetBase, context: TargetContext): Target | null {
  const path = (value: string) => expandPath(value, context.dir, context.env);
  const present = (key: string, value: string | undefined) => {
    if (value === undefined) return {};
    if (!statSync(path(value), { throwIfNoEntry: false })) context.warn(key, `${value} does not exist`);
    return path(value);
  };
  if ('endpoint' in input) {
    const endpoint = parseEndpoint(input.endpoint);
    if (typeof endpoint === 'string') {
      context.error('endpoint', endpoint);
      return null;
    }
    const ca = input.ca === undefined ? undefined : readCertificates(path(input.ca));
    if (ca && !Array.isArray(ca)) {
      context.error('ca', ca.reason);
      return null;
    }
    const known = present('knownHosts', input.knownHosts);
    const preload = present('hstsPreloadList', input.hstsPreloadList);
    return {
      ...base,
      kind: 'endpoint',
      ...endpoint,
      ...(input.addresses ? { addresses: input.addresses } : {}),
      ...(ca ? { ca } : {}),
      ...(typeof preload === 'string' ? { hstsPreloadList: preload } : {}),
      ...(typeof known === 'string' ? { knownHosts: known } : {}),
      ...(input.hostKey ? { hostKey: input.hostKey } : {}),
    };
  }
  if ('host' in input) {
    const firewall = input.firewall ?? null;
    const outside = { firewall, ...(input.addresses ? { addresses: input.addresses } : {}) };
    if (input.host === 'local') return { ...base, kind: 'host', transport: 'local', ssh: null, ...outside };
    const ssh = login('host', input.host, input.ssh, context);
    return ssh && { ...base, kind: 'host', transport: 'ssh', ssh, ...outside };
  }
  if ('repository' in input) {
    present('repository', input.repository);
    return { ...base, kind: 'repository', path: path(input.repository) };
  }
  if ('backup' in input) {
    const source = backupSource(input, context);
    const expect = { maxAgeMs: input.expect.maxAge, minBytes: input.expect.minSize };
    return source && { ...base, kind: 'backup', source, expect };
  }
  const { heartbeat } = input;
  const schedule =
    'every' in heartbeat ? { everyMs: heartbeat.every } : { cron: heartbeat.cron, timeZone: heartbeat.timeZone };
  return { ...base, kind: 'heartbeat', schedule, graceMs: heartbeat.grace };
}

type SshInput = Extract<TargetInput, { host: string }>['ssh'];

function login(key: string, url: string, ssh: SshInput, context: TargetContext): SshLogin | null {
  const parsed = parseSshUrl(url);
  if (typeof parsed === 'string') {
    context.error(key, key === 'host' ? `${parsed}; or write local for this machine` : parsed);
    return null;
  }
  const jump: string[] = [];
  for (const text of [ssh?.jump ?? []].flat()) {
    const over = parseSshUrl(text);
    if (typeof over === 'string') {
      context.error('ssh.jump', over);
      return null;
    }
    const at = over.host.includes(':') ? `[${over.host}]` : over.host;
    jump.push(`${over.user ?? parsed.user ?? userInfo().username}@${at}:${over.port}`);
  }
  const openssh = ssh?.transport ?? (jump.length > 0 || ssh?.certificate !== undefined ? 'openssh' : undefined);
  if (openssh === 'builtin' && (jump.length > 0 || ssh?.certificate !== undefined)) {
    context.error('ssh.transport', 'jump hosts and certificates need transport: openssh');
    return null;
  }
  const path = (name: 'identity' | 'knownHosts' | 'certificate') => {
    const value = ssh?.[name];
    if (value === undefined) return {};
    const full = expandPath(value, context.dir, context.env);
    if (!statSync(full, { throwIfNoEntry: false })) context.warn(`ssh.${name}`, `${value} does not exist`);
    return { [name]: full };
  };
  return {
    user: parsed.user ?? userInfo().username,
    host: parsed.host,
    port: parsed.port,
    ...path('identity'),
    ...path('knownHosts'),
    ...path('certificate'),
    ...(openssh ? { transport: openssh } : {}),
    ...(jump.length > 0 ? { jump } : {}),
    ...(ssh?.hostKey ? { hostKey: ssh.hostKey } : {}),
    sudo: ssh?.sudo ?? false,
  };
}

function backupSource(
  { backup, ssh }: Extract<TargetInput, { backup: unknown }>,
  context: TargetContext,
): BackupSource | null {
  if ('files' in backup) {
    if (backup.on === undefined || backup.on === 'local') {
      return { type: 'files', glob: expandPath(backup.files, context.dir, context.env), over: null };
    }
    const host = context.hosts.get(backup.on);
    if (host) return { type: 'files', glob: backup.files, over: host.ssh };
    if (!backup.on.startsWith('ssh://')) {
      context.error('backup.on', `"${backup.on}" is neither the id of a host target nor ssh://user@host`);
      return null;
    }
    const over = login('backup.on', backup.on, ssh, context);
    return over && { type: 'files', glob: backup.files, over };
  }
  const file =
    backup.passwordFile === undefined ? undefined : expandPath(backup.passwordFile, context.dir, context.env);
  if (file !== undefined && !statSync(file, { throwIfNoEntry: false })) {
    context.warn('backup.passwordFile', `${backup.passwordFile} does not exist`);
  }
  const [type, repository] =
    'restic' in backup ? (['restic', backup.restic] as const) : (['borg', backup.borg] as const);
  return { type, repository, ...(file === undefined ? {} : { passwordFile: file }) };
}

/** The certificates of a PEM file, one text each. */
export function readCertificates(path: string): string[] | { reason: string } {
  try {
    const found = readFileSync(path, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
    return found ?? { reason: `${path} holds no PEM certificate` };
  } catch (error) {
    return { reason: `cannot be read: ${reasonOf(error)}` };
  }
}
