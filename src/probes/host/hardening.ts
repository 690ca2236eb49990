import { AbsentError } from '../../core/collected.ts';
import { RARE_MODULES } from '../../knowledge/rare-modules.ts';
import { PARTS, readParts } from './parts.ts';
import type { HostSection } from './section.ts';

/** Mandatory access control, core dumps, rare modules and log rotation, from files that everybody may read. */
export const hardeningSection: HostSection<'host.hardening'> = {
  key: 'host.hardening',
  script: `${PARTS}
part apparmor; cat /sys/module/apparmor/parameters/enabled 2>/dev/null
part selinux; cat /sys/fs/selinux/enforce 2>/dev/null; grep -E '^SELINUX=' /etc/selinux/config 2>/dev/null
part pattern; cat /proc/sys/kernel/core_pattern 2>/dev/null
part limits; grep -hE '^[^#]*[[:space:]]core[[:space:]]' /etc/security/limits.conf /etc/security/limits.d/*.conf 2>/dev/null
part coredump; grep -hE '^[[:space:]]*Storage=' /etc/systemd/coredump.conf /etc/systemd/coredump.conf.d/*.conf 2>/dev/null
part modules; grep -oE '^(${RARE_MODULES.join('|')}) ' /proc/modules 2>/dev/null
part logrotate
command -v logrotate >/dev/null 2>&1 && echo installed
[ -s /etc/logrotate.conf ] && echo configured
for f in /etc/cron.daily/logrotate /etc/systemd/system/*.wants/logrotate.timer /etc/periodic/daily/logrotate; do [ -e "$f" ] || [ -L "$f" ] && echo scheduled; done
part journal
[ -e /lib/systemd/systemd-journald ] || [ -e /usr/lib/systemd/systemd-journald ] && echo present
grep -hE '^[[:space:]]*(SystemMaxUse|SystemKeepFree|MaxRetentionSec|Storage)=' /etc/systemd/journald.conf /etc/systemd/journald.conf.d/*.conf 2>/dev/null
:
`,
  timeoutS: 5,
  maxBytes: 32_768,
  sudo: 'never',
  parse({ stdout, truncated }) {
    const parts = readParts(stdout);
    if (truncated || !parts.has('journal')) throw new AbsentError('unreadable', 'the host did not answer in full');
    const apparmor = parts.get('apparmor').lines[0];
    const selinux = parts.get('selinux').lines;
    const configured = selinux.map((line) => /^SELINUX=(\w+)/.exec(line)?.[1]).find((one) => one !== undefined);
    const rotate = parts.get('logrotate').lines;
    const journal = parts.get('journal').lines;
    return {
      apparmor: apparmor === undefined ? null : apparmor === 'Y',
      selinux: selinux[0] === '1' ? 'enforcing' : selinux[0] === '0' ? 'permissive' : (configured ?? null),
      corePattern: parts.get('pattern').lines[0] ?? null,
      coreLimits: parts.get('limits').lines.map((line) => line.replace(/\s+/g, ' ').trim()),
      coredumpStorage: parts.get('coredump').lines.at(-1)?.split('=')[1]?.trim() ?? null,
      rareModules: parts.get('modules').lines.map((line) => line.trim()),
      logrotate: {
        installed: rotate.includes('installed'),
        configured: rotate.includes('configured'),
        scheduled: rotate.includes('scheduled'),
      },
      journal: {
        present: journal.includes('present'),
        settings: journal.filter((line) => line !== 'present').map((line) => line.trim()),
      },
    };
  },
};
