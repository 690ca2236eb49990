import { authorizedKeysSection } from './authorized-keys.ts';
import { diskSection } from './disk.ts';
import { fail2banSection } from './fail2ban.ts';
import { firewallSection } from './firewall.ts';
import { hardeningSection } from './hardening.ts';
import { listenSection } from './listen.ts';
import { loggingSection } from './logging.ts';
import { maintenanceSection } from './maintenance.ts';
import { osSection } from './os.ts';
import { permissionsSection } from './permissions.ts';
import { scanSection } from './scan.ts';
import { secretsSection } from './secrets.ts';
import type { HostSection } from './section.ts';
import { servicesSection } from './services.ts';
import { sshdSection } from './sshd.ts';
import { sudoSection } from './sudo.ts';
import { supervisorSection } from './supervisor.ts';
import { swapSection } from './swap.ts';
import { sysctlSection } from './sysctl.ts';
import { timeSection } from './time.ts';
import { updatesSection } from './updates.ts';
import { usersSection } from './users.ts';

/** The register of what the host script can ask, one line per section, in the order in which they run: cheap ones first. */
export const SECTIONS: readonly HostSection[] = [
  osSection,
  usersSection,
  sshdSection,
  authorizedKeysSection,
  sysctlSection,
  diskSection,
  hardeningSection,
  maintenanceSection,
  permissionsSection,
  servicesSection,
  sudoSection,
  swapSection,
  loggingSection,
  timeSection,
  listenSection,
  firewallSection,
  fail2banSection,
  supervisorSection,
  updatesSection,
  secretsSection(process.env.SEAWORTHY_FINGERPRINT_KEY),
  scanSection,
];
