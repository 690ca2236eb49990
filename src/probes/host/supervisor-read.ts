/** A `[program:x]` of a configuration file with supervisord's own defaults (supervisord.org/configuration.html). */
export interface Declared {
  name: string;
  /** Its name inside the groups that it was put into: `group:name`. */
  members: string[];
  autostart: boolean;
  autorestart: 'true' | 'false' | 'unexpected';
  stopwaitsecs: number;
}

/** Programs from lines of all files together: a group of one file may name the programs of another. */
export function readDeclared(lines: readonly string[]): Declared[] {
  const programs = new Map<string, Declared>();
  const groups: { name: string; programs: string[] }[] = [];
  let current: Declared | null = null;
  let group: (typeof groups)[number] | null = null;
  for (const line of lines) {
    const section = /^\s*\[(?:(program|fcgi-program|eventlistener|group):)?([^\]]*)\]/.exec(line);
    if (section) {
      const name = (section[2] ?? '').trim();
      group = section[1] === 'group' ? { name, programs: [] } : null;
      if (group) groups.push(group);
      current =
        section[1] && !group
          ? { name, members: [], autostart: true, autorestart: 'unexpected', stopwaitsecs: 10 }
          : null;
      if (current) programs.set(name, current);
      continue;
    }
    const [, key = '', value = ''] = /^(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (group && key === 'programs') group.programs.push(...value.split(',').map((one) => one.trim()));
    if (!current) continue;
    if (key === 'autostart') current.autostart = isTrue(value);
    else if (key === 'autorestart')
      current.autorestart = value.toLowerCase() === 'unexpected' ? 'unexpected' : isTrue(value) ? 'true' : 'false';
    else if (key === 'stopwaitsecs' && /^\d+$/.test(value)) current.stopwaitsecs = Number(value);
  }
  for (const one of groups) {
    for (const program of one.programs) programs.get(program)?.members.push(`${one.name}:${program}`);
  }
  return [...programs.values()];
}

/** supervisor/datatypes.py, TRUTHY_STRINGS. */
function isTrue(value: string): boolean {
  return /^(yes|true|on|1)$/i.test(value);
}

/** `web:web_00   RUNNING   pid 12, uptime 0:01:02`. */
export function readStates(lines: readonly string[]): { name: string; state: string; description: string }[] {
  return lines.flatMap((line) => {
    const match = /^(\S+)\s+(STOPPED|STARTING|RUNNING|BACKOFF|STOPPING|EXITED|FATAL|UNKNOWN)\s*(.*)$/.exec(line);
    return match?.[1] && match[2]
      ? [{ name: match[1], state: match[2], description: (match[3] ?? '').slice(0, 200) }]
      : [];
  });
}

const HOUR_MS = 3_600_000;

/**
 * Unexpected ends per process in the hour before `now`, from lines such as
 * `2026-11-01 10:00:00,123 WARN exited: web (exit status 1; not expected)`. Both are in the host's local time.
 */
export function unexpectedExits(lines: readonly string[], now: string): Map<string, number> {
  const until = at(now);
  const counts = new Map<string, number>();
  for (const line of lines) {
    const match = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),\d+ \w+ exited: (\S+) \(.*not expected\)/.exec(line);
    if (!match?.[1] || !match[2] || !(until - at(match[1]) <= HOUR_MS)) continue;
    counts.set(match[2], (counts.get(match[2]) ?? 0) + 1);
  }
  return counts;
}

/** Compared with each other only, so the zone does not matter. */
function at(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}Z`);
}
