import { backupFilesProbe } from './backup-files.ts';
import { dnsProbe } from './dns.ts';
import { exposedFilesProbe } from './exposed-files.ts';
import { hostProbe } from './host/index.ts';
import { httpProbe } from './http.ts';
import { leakHistoryProbe } from './leak-history.ts';
import { leaksProbe } from './leaks.ts';
import { portsProbe } from './ports.ts';
import type { Probe } from './probe.ts';
import { repositoryProbe } from './repository.ts';
import { servedCodeProbe } from './served-code.ts';
import { sshdProbe } from './sshd.ts';
import { tlsProbe } from './tls.ts';
import { noUptimeProbe } from './uptime.ts';

/** The map of probes, one line each. A fact is collected by the first probe that has its key for the kind of target. */
export const PROBES: readonly Probe[] = [
  dnsProbe(),
  hostProbe,
  httpProbe,
  portsProbe,
  exposedFilesProbe,
  servedCodeProbe,
  repositoryProbe,
  backupFilesProbe,
  leaksProbe,
  leakHistoryProbe,
  sshdProbe,
  tlsProbe,
  noUptimeProbe,
];
