import type { HostListenFacts } from '../../core/facts/host-listen.ts';
import type { Part } from './parts.ts';

type Program = NonNullable<HostListenFacts['sockets'][number]['program']>;

/** By process id. */
export type Programs = ReadonlyMap<number, Program>;

/**
 * Executables of processes with their packages, from the parts `exes` (`ls -l /proc/PID/exe`), `running` (inodes of what
 * really runs) and `files` (inodes of the files of that name, each with `@owner PACKAGE`, `-` for none). A process in a
 * container runs a file of its own: another inode, and then the host's package is not its owner.
 */
export function readPrograms(parts: { get(name: string): Part }): Programs {
  const running = new Map<number, string>();
  for (const line of parts.get('running').lines) {
    const match = /^\s*(\d+) .* \/proc\/(\d+)\/exe$/.exec(line);
    if (match) running.set(Number(match[2]), match[1] ?? '');
  }
  const files = new Map<string, { inode: string; owner: string | null }>();
  let last: { inode: string; owner: string | null } | null = null;
  for (const line of parts.get('files').lines) {
    const owner = /^@owner (\S+)$/.exec(line)?.[1];
    if (owner !== undefined) {
      if (last && owner !== '-') last.owner = owner;
      continue;
    }
    const file = /^\s*(\d+) (\/.*)$/.exec(line);
    if (!file) continue;
    last = { inode: file[1] ?? '', owner: null };
    files.set(file[2] ?? '', last);
  }
  const programs = new Map<number, Program>();
  for (const line of parts.get('exes').lines) {
    const match = /\/proc\/(\d+)\/exe -> (\/.*?)(?: \(deleted\))?$/.exec(line);
    if (!match?.[2]) continue;
    const pid = Number(match[1]);
    const file = files.get(match[2]);
    const same = file !== undefined && file.inode === running.get(pid);
    programs.set(pid, { path: match[2], package: same ? file.owner : null });
  }
  return programs;
}
