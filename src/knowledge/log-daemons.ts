/** A daemon that ships logs off a host. `process` as the kernel shows it: at most 15 characters (proc(5), comm). */
export interface LogDaemon {
  process: string;
  /** `logs`: that is what it is for; `some`: it can, and does so only where it is told to. */
  ships: 'logs' | 'some';
}

/** Names and purposes from general knowledge: not compared with the packages of their makers, which Debian does not carry. */
export const LOG_DAEMONS: readonly LogDaemon[] = [
  { process: 'filebeat', ships: 'logs' },
  { process: 'fluent-bit', ships: 'logs' },
  { process: 'fluentd', ships: 'logs' },
  { process: 'td-agent', ships: 'logs' },
  { process: 'journalbeat', ships: 'logs' },
  { process: 'nxlog', ships: 'logs' },
  { process: 'promtail', ships: 'logs' },
  { process: 'vector', ships: 'logs' },
  { process: 'alloy', ships: 'some' },
  { process: 'amazon-cloudwat', ships: 'some' },
  { process: 'elastic-agent', ships: 'some' },
  { process: 'otelcol', ships: 'some' },
  { process: 'otelcol-contrib', ships: 'some' },
  { process: 'splunkd', ships: 'some' },
  { process: 'wazuh-agentd', ships: 'some' },
];
