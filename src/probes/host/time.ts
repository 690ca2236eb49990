import { AbsentError } from '../../core/collected.ts';
import { PARTS, readParts } from './parts.ts';
import type { HostSection } from './section.ts';

/** The host's clock, who keeps it, and what it says of its offset. */
export const timeSection: HostSection<'host.time'> = {
  key: 'host.time',
  script: `${PARTS}
part clock; date +%s
run timedatectl timedatectl show
run chronyc chronyc -n tracking
part timesync; [ -e /run/systemd/timesync/synchronized ] && echo yes
part daemons; cat /proc/[0-9]*/comm 2>/dev/null | grep -E '^(chronyd|systemd-timesyn|ntpd|ntpsec|openntpd|ptp4l|vmtoolsd|VBoxService)$' | sort -u
:
`,
  timeoutS: 10,
  maxBytes: 32_768,
  sudo: 'never',
  parse({ stdout }) {
    const parts = readParts(stdout);
    const clock = Number(parts.get('clock').lines[0]);
    if (!Number.isFinite(clock) || clock <= 0) throw new AbsentError('unreadable', 'the host did not tell the time');
    const shown = parts.get('timedatectl');
    const property = (key: string) =>
      shown.exitCode === 0 ? shown.lines.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1) : undefined;
    const tracking = parts.get('chronyc');
    const offset = /^System time\s*:\s*([\d.]+) seconds (fast|slow)/m.exec(
      tracking.exitCode === 0 ? tracking.lines.join('\n') : '',
    );
    const ntp = property('NTPSynchronized');
    return {
      hostClock: clock * 1_000,
      synchronized:
        ntp !== undefined ? ntp === 'yes' : parts.get('timesync').lines.includes('yes') ? true : offset ? true : null,
      daemons: parts.get('daemons').lines.map((name) => (name === 'systemd-timesyn' ? 'systemd-timesyncd' : name)),
      offsetMs: offset ? Number(offset[1]) * (offset[2] === 'fast' ? 1_000 : -1_000) : null,
      timeZone: property('Timezone') ?? null,
    };
  },
};
