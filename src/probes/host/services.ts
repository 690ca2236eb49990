import { AbsentError } from '../../core/collected.ts';
import { PARTS, readParts } from './parts.ts';
import type { HostSection } from './section.ts';

/** Failed units, where systemd runs the host. */
export const servicesSection: HostSection<'host.services'> = {
  key: 'host.services',
  script: `${PARTS}
[ -d /run/systemd/system ] || { part none; exit 0; }
run state systemctl is-system-running
run failed systemctl --failed --no-legend --plain --no-pager
`,
  timeoutS: 10,
  maxBytes: 65_536,
  sudo: 'never',
  parse({ stdout }) {
    const parts = readParts(stdout);
    if (parts.has('none')) throw new AbsentError('not-applicable', 'the host was not booted with systemd');
    const failed = parts.get('failed');
    if (failed.exitCode !== 0) throw new AbsentError('unreadable', 'systemctl could not list the failed units');
    return {
      state: parts.get('state').lines[0] ?? 'unknown',
      failed: failed.lines.flatMap((line) => {
        // UNIT LOAD ACTIVE SUB DESCRIPTION; old versions put a dot before it.
        const match = /^(?:[●*] )?\s*(\S+)\s+\S+\s+failed\s+\S+\s*(.*)$/.exec(line);
        return match?.[1] ? [{ unit: match[1], description: match[2] ?? '' }] : [];
      }),
    };
  },
};
