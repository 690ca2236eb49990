import { AbsentError } from '../../core/collected.ts';
import { PARTS, readParts } from './parts.ts';
import type { HostSection } from './section.ts';

/** What sudoers grants. Only root may read it. */
export const sudoSection: HostSection<'host.sudo'> = {
  key: 'host.sudo',
  script: `${PARTS}
[ -e /etc/sudoers ] || { part none; exit 0; }
run rules grep -rH . /etc/sudoers /etc/sudoers.d | grep -vE ':[[:space:]]*(#([^i0-9]|$)|$|Defaults|@include|#include|(User|Runas|Host|Cmnd|Cmd)_Alias)'
`,
  timeoutS: 5,
  maxBytes: 65_536,
  sudo: 'if-available',
  parse({ stdout, root, truncated }) {
    const parts = readParts(stdout);
    if (parts.has('none')) return { installed: false, rules: [] };
    const { lines, exitCode } = parts.get('rules');
    // grep: 1 = nothing matched, 2 = some file could not be read.
    if (exitCode === 2 && !root) throw new AbsentError('denied', 'only root can read /etc/sudoers');
    if ((exitCode !== 0 && exitCode !== 1) || truncated)
      throw new AbsentError('unreadable', 'sudoers could not be read as a whole');
    return {
      installed: true,
      rules: lines.flatMap((line) => {
        const match = /^(\/etc\/sudoers[^:]*):\s*(.+)$/.exec(line);
        // sudoers(5): files in the directory with a dot or a tilde at the end are not read.
        if (!match?.[1] || /\/sudoers\.d\/.*(\.|~$)/.test(match[1])) return [];
        return [{ file: match[1], text: (match[2] ?? '').replace(/\s+/g, ' ').trim() }];
      }),
    };
  },
};
