import { AbsentError } from '../../core/collected.ts';
import { PARTS, readParts } from './parts.ts';
import type { HostSection } from './section.ts';

/** Jails of fail2ban with what they read and do. Its socket is for root alone. */
export const fail2banSection: HostSection<'host.fail2ban'> = {
  key: 'host.fail2ban',
  script: `${PARTS}
command -v fail2ban-client >/dev/null 2>&1 || { part none; exit 0; }
run ping fail2ban-client ping
run status fail2ban-client status
for j in $(as_root fail2ban-client status 2>/dev/null | sed -n 's/.*Jail list://p' | tr ',' ' ' | tr -cd 'A-Za-z0-9_ -' | head -c 2000); do
  run "jail:$j" fail2ban-client status "$j"
  run "actions:$j" fail2ban-client get "$j" actions
done
:
`,
  timeoutS: 20,
  maxBytes: 256 * 1024,
  sudo: 'if-available',
  parse({ stdout, root }) {
    const parts = readParts(stdout);
    if (parts.has('none')) return { installed: false, running: false, jails: [] };
    const status = parts.get('status');
    if (status.exitCode !== 0) {
      if (!root) throw new AbsentError('denied', 'only root can ask fail2ban for its jails');
      return { installed: true, running: false, jails: [] };
    }
    const names = (fieldOf(status.lines, 'Jail list') ?? '').split(',').map((name) => name.trim());
    return {
      installed: true,
      running: true,
      jails: names
        .filter((name) => name !== '')
        .map((name) => {
          const { lines } = parts.get(`jail:${name}`);
          const files = (fieldOf(lines, 'File list') ?? '').split(/\s+/).filter((file) => file !== '');
          return {
            name,
            files,
            journal: fieldOf(lines, 'Journal matches') !== undefined,
            actions: parts
              .get(`actions:${name}`)
              .lines.filter((line) => !/^The jail|^No actions/.test(line))
              .flatMap((line) => line.split(',').map((one) => one.trim())),
            banned: Number(fieldOf(lines, 'Currently banned') ?? 0) || 0,
            failed: Number(fieldOf(lines, 'Total failed') ?? 0) || 0,
          };
        }),
    };
  },
};

/** The value after `Name:` in the tree that fail2ban-client draws. */
function fieldOf(lines: readonly string[], name: string): string | undefined {
  return lines.map((line) => new RegExp(`${name}:\\s*(.*)$`).exec(line)?.[1]).find((value) => value !== undefined);
}
