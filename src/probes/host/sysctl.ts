import { AbsentError } from '../../core/collected.ts';
import { SYSCTL_KEYS } from '../../knowledge/sysctl.ts';
import type { HostSection } from './section.ts';

/** Kernel settings straight from /proc/sys: no tool, no rights needed for all but a few. */
export const sysctlSection: HostSection<'host.sysctl'> = {
  key: 'host.sysctl',
  script: `
for k in ${SYSCTL_KEYS.join(' ')}; do
  f=/proc/sys/$(echo "$k" | tr . /)
  # read takes one byte at a time, which these files answer with their first byte alone.
  [ -r "$f" ] && printf '%s=%s\\n' "$k" "$(cat "$f" 2>/dev/null)"
done
:
`,
  timeoutS: 10,
  maxBytes: 16_384,
  sudo: 'never',
  parse({ stdout }) {
    const values = Object.fromEntries(
      stdout.split('\n').flatMap((line) => {
        const match = /^([a-z0-9_.]+)=(.*)$/.exec(line);
        return match?.[1] && SYSCTL_KEYS.includes(match[1]) ? [[match[1], match[2]?.trim() ?? '']] : [];
      }),
    );
    if (Object.keys(values).length === 0) throw new AbsentError('unreadable', '/proc/sys could not be read');
    return { values };
  },
};
