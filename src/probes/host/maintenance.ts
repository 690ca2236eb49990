import { AbsentError } from '../../core/collected.ts';
import type { HostMaintenanceFacts } from '../../core/facts/host-maintenance.ts';
import { PARTS, readParts } from './parts.ts';
import type { HostSection } from './section.ts';

/** unattended-upgrades and dnf-automatic as they are set and as they ran; restarts that are owed. */
export const maintenanceSection: HostSection<'host.maintenance'> = {
  key: 'host.maintenance',
  script: `${PARTS}
part kernel; uname -r
part kernels; for k in /boot/vmlinuz-* /lib/modules/*/vmlinuz; do [ -e "$k" ] && echo "$k"; done
part family
command -v apt-get >/dev/null 2>&1 && echo apt
command -v dnf >/dev/null 2>&1 && echo dnf
part periodic; apt-config dump APT::Periodic 2>/dev/null
part unattended; command -v unattended-upgrade 2>/dev/null
part stamps; for f in /var/lib/apt/periodic/unattended-upgrades-stamp /var/lib/apt/periodic/upgrade-stamp /var/log/unattended-upgrades/unattended-upgrades.log; do [ -e "$f" ] && stat -c %Y "$f"; done
part timers; for t in apt-daily.timer apt-daily-upgrade.timer dnf-automatic.timer dnf-automatic-install.timer dnf5-automatic.timer; do
  for f in /etc/systemd/system/*.wants/$t; do [ -e "$f" ] || [ -L "$f" ] && { echo "$t"; break; }; done
done
part dnf; grep -hE '^[[:space:]]*(apply_updates|download_updates)' /etc/dnf/automatic.conf 2>/dev/null
part required; [ -e /run/reboot-required ] && echo yes; [ -e /var/run/reboot-required ] && echo yes
part packages; head -n 50 /run/reboot-required.pkgs 2>/dev/null
:
`,
  timeoutS: 10,
  maxBytes: 65_536,
  sudo: 'never',
  parse({ stdout }) {
    const parts = readParts(stdout);
    const runningKernel = parts.get('kernel').lines[0];
    if (runningKernel === undefined) throw new AbsentError('unreadable', 'the host did not name its kernel');
    const family = parts.get('family').lines;
    const newestKernel = newestOf(
      parts
        .get('kernels')
        .lines.flatMap((path) => /vmlinuz-(.+)$/.exec(path)?.[1] ?? /modules\/([^/]+)\//.exec(path)?.[1] ?? []),
    );
    const flagged = parts.get('required').lines.includes('yes');
    return {
      automatic: family.includes('apt')
        ? readApt(parts)
        : family.includes('dnf')
          ? readDnf(parts)
          : { tool: null, refreshes: null, installs: null, lastRunAt: null },
      reboot: {
        required: flagged
          ? true
          : newestKernel === null
            ? family.includes('apt')
              ? false
              : null
            : compareVersions(newestKernel, runningKernel) > 0,
        packages: [...new Set(parts.get('packages').lines)],
        runningKernel,
        newestKernel,
      },
    };
  },
};

type Parts = ReturnType<typeof readParts>;

function readApt(parts: Parts): HostMaintenanceFacts['automatic'] {
  const installed = parts.get('unattended').lines.length > 0;
  const value = (key: string) =>
    parts
      .get('periodic')
      .lines.map((line) => new RegExp(`^APT::Periodic::${key} "([^"]*)";`).exec(line)?.[1])
      .find((one) => one !== undefined);
  // apt.systemd.daily: 0 or unset = never; anything else is a number of days, or "always".
  const on = (text: string | undefined) => text !== undefined && text !== '0' && text !== '';
  const timer = parts.get('timers').lines.some((name) => name.startsWith('apt-daily'));
  const stamps = parts.get('stamps').lines.map(Number).filter(Number.isFinite);
  return {
    tool: installed ? 'unattended-upgrades' : null,
    refreshes: on(value('Update-Package-Lists')) && timer,
    installs: installed && on(value('Unattended-Upgrade')) && timer,
    lastRunAt: stamps.length > 0 ? Math.max(...stamps) * 1_000 : null,
  };
}

function readDnf(parts: Parts): HostMaintenanceFacts['automatic'] {
  const timers = parts.get('timers').lines.filter((name) => name.includes('dnf'));
  const settings = parts.get('dnf').lines;
  const yes = (key: string) =>
    settings.some((line) => new RegExp(`^\\s*${key}\\s*=\\s*(yes|true|1)\\s*$`, 'i').test(line));
  return {
    tool: settings.length > 0 ? 'dnf-automatic' : null,
    refreshes: timers.length > 0,
    installs: timers.includes('dnf-automatic-install.timer') || (timers.length > 0 && yes('apply_updates')),
    lastRunAt: null,
  };
}

function newestOf(versions: readonly string[]): string | null {
  // Rescue images have no version of their own.
  return (
    [...versions]
      .filter((one) => /^\d/.test(one))
      .sort(compareVersions)
      .at(-1) ?? null
  );
}

/** Numbers by value, the rest by text; enough for kernel names of one distribution. */
export function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
