import { z } from 'zod';

export const TARGET_KINDS = ['endpoint', 'host', 'repository', 'backup', 'heartbeat'] as const;
export const targetKindSchema = z.enum(TARGET_KINDS);
export type TargetKind = z.infer<typeof targetKindSchema>;

/** What every target has, whatever its kind. `id` is stable: findings, history and incidents hang on it. */
export interface TargetBase {
  id: string;
  name: string;
  /** Id of the service that this target belongs to. */
  service: string | null;
  environment: string;
  labels: Record<string, string>;
}

/** What speaks at an endpoint. `auto` = not known yet; the audit asks the port before the probes start. */
export const ENDPOINT_PROTOCOLS = [
  'auto',
  'http',
  'https',
  'tls',
  'ssh',
  'tcp',
  'smtp',
  'imap',
  'pop3',
  'ftp',
  'ldap',
  'xmpp',
  'postgres',
  'mysql',
  'redis',
  'ws',
  'wss',
  'grpc',
  'grpcs',
  'dns',
  'icmp',
] as const;
export type EndpointProtocol = (typeof ENDPOINT_PROTOCOLS)[number];

/** Something that answers on the network, looked at from outside without a log-in. */
export interface EndpointTarget extends TargetBase {
  kind: 'endpoint';
  protocol: EndpointProtocol;
  /**
   * For http, https, ws and wss the full URL, for gRPC `grpc://host:port/service`, for DNS `dns://name?type=A&server=address`,
   * for ICMP `icmp://host`; for the rest `protocol://host:port`.
   */
  url: string;
  host: string;
  /** 0 where there is none (ICMP). */
  port: number;
  /** Addresses to look at instead of what the name resolves to. */
  addresses?: string[];
  /** Extra trust anchors, PEM text. */
  ca?: string[];
  /** Path of a browser's HSTS preload list, which the Observatory's rules ask for. */
  hstsPreloadList?: string;
  /** For an `ssh` endpoint: the host key that is expected. */
  knownHosts?: string;
  hostKey?: string;
}

/** How to log in to a host. Host keys are always verified: by `knownHosts` (a path) or `hostKey` (`SHA256:...`). */
export interface SshLogin {
  user: string;
  host: string;
  port: number;
  /** Path of a private key; without it the agent is used. */
  identity?: string;
  knownHosts?: string;
  hostKey?: string;
  /** Whether `sudo -n` may be used to read what only root can see. */
  sudo: boolean;
  /** `openssh`: by the program `ssh`, for certificates, FIDO keys, jump hosts and key exchanges that our own client lacks. */
  transport?: 'builtin' | 'openssh';
  /** Hosts to go through, in order, `user@host:port`; needs `openssh`. */
  jump?: string[];
  /** Path of a user certificate; needs `openssh`. `<identity>-cert.pub` is found without it. */
  certificate?: string;
}

/** What the firewall of a host is meant to let in from outside. */
export interface DeclaredExposure {
  /** Ports: TCP, and UDP where something listens there. */
  allow: number[];
  /** Who is meant to reach them: `outside` = anybody, else addresses and networks such as `10.0.0.0/8`. */
  from: string | string[];
}

/** A machine, looked at from inside over SSH or, for `local`, without any connection. */
export interface HostTarget extends TargetBase {
  kind: 'host';
  transport: 'ssh' | 'local';
  ssh: SshLogin | null;
  /** More addresses of the machine, for the look from outside. */
  addresses?: string[];
  firewall: DeclaredExposure | null;
}

/** A directory with source code, with or without git. `path` is absolute. */
export interface RepositoryTarget extends TargetBase {
  kind: 'repository';
  path: string;
}

/** Where backups lie. */
export type BackupSource =
  | { type: 'files'; glob: string; over: SshLogin | null }
  | { type: 'restic' | 'borg'; repository: string; passwordFile?: string };

/** What is promised of the backups. Ages in ms, sizes in bytes. */
export interface BackupExpectation {
  maxAgeMs: number;
  minBytes: number;
}

export interface BackupTarget extends TargetBase {
  kind: 'backup';
  source: BackupSource;
  expect: BackupExpectation;
}

/** A job that reports by itself; judged by silence. */
export interface HeartbeatTarget extends TargetBase {
  kind: 'heartbeat';
  /** Either a period or a cron line with its zone. */
  schedule: { everyMs: number } | { cron: string; timeZone: string };
  graceMs: number;
}

export type Target = EndpointTarget | HostTarget | RepositoryTarget | BackupTarget | HeartbeatTarget;

/** The target of one kind. */
export type TargetOf<K extends TargetKind> = Extract<Target, { kind: K }>;
