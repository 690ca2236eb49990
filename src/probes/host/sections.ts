import { diskSection } from './disk.ts';
import { fail2banSection } from './fail2ban.ts';
import { firewallSection } from './firewall.ts';
import { listenSection } from './listen.ts';
import { osSection } from './os.ts';
import type { HostSection } from './section.ts';
import { sshdSection } from './sshd.ts';
import { sysctlSection } from './sysctl.ts';
import { updatesSection } from './updates.ts';
import { usersSection } from './users.ts';

/** The register of what the host script can ask, one line per section, in the order in which they run: cheap ones first. */
export const SECTIONS: readonly HostSection[] = [
  osSection,
  usersSection,
  sshdSection,
  sysctlSection,
  diskSection,
  listenSection,
  firewallSection,
  fail2banSection,
  updatesSection,
];
