import type { z } from 'zod';
import { backupFacts } from './backup.ts';
import { dnsFacts } from './dns.ts';
import { exposedFacts } from './exposed.ts';
import { hostAuthorizedKeysFacts } from './host-authorized-keys.ts';
import { hostDiskFacts } from './host-disk.ts';
import { hostFail2banFacts } from './host-fail2ban.ts';
import { hostFirewallFacts } from './host-firewall.ts';
import { hostHardeningFacts } from './host-hardening.ts';
import { hostListenFacts } from './host-listen.ts';
import { hostLoggingFacts } from './host-logging.ts';
import { hostMaintenanceFacts } from './host-maintenance.ts';
import { hostOsFacts } from './host-os.ts';
import { hostPermissionsFacts } from './host-permissions.ts';
import { hostScanFacts } from './host-scan.ts';
import { hostSecretsFacts } from './host-secrets.ts';
import { hostServicesFacts } from './host-services.ts';
import { hostSshdFacts } from './host-sshd.ts';
import { hostSudoFacts } from './host-sudo.ts';
import { hostSupervisorFacts } from './host-supervisor.ts';
import { hostSwapFacts } from './host-swap.ts';
import { hostSysctlFacts } from './host-sysctl.ts';
import { hostTimeFacts } from './host-time.ts';
import { hostUpdatesFacts } from './host-updates.ts';
import { hostUsersFacts } from './host-users.ts';
import { httpFacts } from './http.ts';
import { leakHistoryFacts, leaksFacts, stagedLeaksFacts } from './leaks.ts';
import { loginFacts } from './login.ts';
import { portsFacts } from './ports.ts';
import { repositoryFacts } from './repository.ts';
import { servedFacts } from './served.ts';
import { sshdFacts } from './sshd.ts';
import { tlsFacts } from './tls.ts';
import { uptimeFacts } from './uptime.ts';

/**
 * The map of facts: every kind of fact that a probe can collect and a check can ask for. One line per kind, one file per
 * line. Keys are public (`--save-facts` writes them); those of a host's one script start with `host.`.
 */
export const FACTS = {
  dns: dnsFacts,
  http: httpFacts,
  exposed: exposedFacts,
  tls: tlsFacts,
  sshd: sshdFacts,
  login: loginFacts,
  repository: repositoryFacts,
  backup: backupFacts,
  leaks: leaksFacts,
  'leaks.history': leakHistoryFacts,
  'leaks.staged': stagedLeaksFacts,
  served: servedFacts,
  ports: portsFacts,
  uptime: uptimeFacts,
  'host.os': hostOsFacts,
  'host.updates': hostUpdatesFacts,
  'host.authorized-keys': hostAuthorizedKeysFacts,
  'host.disk': hostDiskFacts,
  'host.users': hostUsersFacts,
  'host.listen': hostListenFacts,
  'host.firewall': hostFirewallFacts,
  'host.fail2ban': hostFail2banFacts,
  'host.sysctl': hostSysctlFacts,
  'host.hardening': hostHardeningFacts,
  'host.logging': hostLoggingFacts,
  'host.maintenance': hostMaintenanceFacts,
  'host.permissions': hostPermissionsFacts,
  'host.secrets': hostSecretsFacts,
  'host.scan': hostScanFacts,
  'host.services': hostServicesFacts,
  'host.sudo': hostSudoFacts,
  'host.supervisor': hostSupervisorFacts,
  'host.swap': hostSwapFacts,
  'host.time': hostTimeFacts,
  'host.sshd': hostSshdFacts,
} as const;

export type FactKey = keyof typeof FACTS;
export type FactMap = { [K in FactKey]: z.output<(typeof FACTS)[K]> };
export const FACT_KEYS = Object.keys(FACTS) as FactKey[];
