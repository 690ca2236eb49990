import { AbsentError } from '../../core/collected.ts';
import type { HostScanFacts } from '../../core/facts/host-scan.ts';
import { PARTS, readParts } from './parts.ts';
import type { HostSection } from './section.ts';

/** File systems whose files last and belong to this host alone. */
const LASTING = 'ext2|ext3|ext4|xfs|btrfs|zfs|f2fs|jfs|reiserfs|bcachefs';
/** Layers of container images: below directories of root, and full of programs that no account of the host can reach. */
const LAYERS = ['/var/lib/docker', '/var/lib/containerd', '/var/lib/containers'];
const SHOW = "-exec stat -c '%f %U %G %n' {} +";
/** Without brackets and with `-o` for "else", so that a line of sudoers can hold it word for word. */
const EXPRESSION = [
  ...LAYERS.map((path) => `-path ${path} -prune`),
  `-type f -perm -4000 ${SHOW}`,
  `-type f -perm -2000 ${SHOW}`,
  `-type f -perm -0002 ${SHOW}`,
  `-type d -perm -0002 '!' -perm -1000 ${SHOW}`,
].join(' -o ');
const MOST = 4_000;

/**
 * The slow part: one search through every lasting file system for SUID and SGID files and for what everybody may write.
 * `stat` is the only program that find starts. Who brought a file is asked of the package database; dpkg knows programs
 * by the paths from before /usr was merged, so it is asked for both.
 */
export const scanSection: HostSection<'host.scan'> = {
  key: 'host.scan',
  script: `${PARTS}
mounts=$(awk '$2 == "/" || $3 ~ /^(${LASTING})$/ { print $2 }' /proc/mounts | sort -u | grep -v -E '^(${LAYERS.join('|')})(/|$)|[^A-Za-z0-9/._-]' | head -n 50)
part mounts; echo "$mounts"
found=$(for m in $mounts; do
  as_root find "$m" -xdev ${EXPRESSION}
  echo "@ended $? $m"
done | awk '/^@/ || n++ < ${MOST} { print } END { if (n > ${MOST}) print "@more" }' | head -c 800000)
part found; printf '%s\\n' "$found"
printf '%s\\n' "$found" | sed -n 's/^8[4-9a-f][0-9a-f][0-9a-f] [^ ]* [^ ]* //p' | head -n 200 | {
  set --
  while IFS= read -r p; do set -- "$@" "$p"; case $p in /usr/*) set -- "$@" "\${p#/usr}" ;; esac; done
  if command -v dpkg >/dev/null 2>&1; then part dpkg; [ $# -eq 0 ] || dpkg -S "$@" 2>/dev/null
  elif command -v rpm >/dev/null 2>&1; then part rpm; for p in "$@"; do o=$(rpm -qf --qf '%{NAME}' "$p" 2>/dev/null) && echo "$o: $p"; done
  elif command -v apk >/dev/null 2>&1; then part apk; for p in "$@"; do apk info --who-owns "$p" 2>/dev/null; done
  fi
}
:
`,
  timeoutS: 240,
  slow: true,
  maxBytes: 1024 * 1024,
  sudo: 'if-available',
  parse({ stdout, truncated, root, stderr }) {
    const parts = readParts(stdout);
    const searched = parts.get('mounts').lines;
    const found = parts.get('found').lines;
    const ended = new Map(found.flatMap((line) => readEnd(line)));
    if (searched.length === 0 || ended.size === 0)
      throw new AbsentError('unreadable', 'the search through the file systems found nothing to search');
    if ([...ended.values()].some((code) => code === 126 || code === 127))
      throw new AbsentError('missing-tool', 'the host has no "find" command, so nothing was searched');
    const owners = readOwners(parts);
    const files = found.flatMap(readFound);
    return {
      searched,
      privileged: files
        .filter((file) => !file.directory && (file.mode & 0o6000) !== 0)
        .map(({ directory: _, ...file }) => ({
          ...file,
          package: owners?.get(file.path) ?? owners?.get(file.path.replace(/^\/usr/, '')) ?? null,
        })),
      packagesKnown: owners !== null,
      worldWritable: files.filter((file) => (file.mode & 0o002) !== 0),
      incomplete:
        truncated || found.includes('@more')
          ? `more than ${MOST} files were found`
          : unseen(ended, searched, root, stderr),
    };
  },
};

type Found = HostScanFacts['worldWritable'][number];

/** `81ed root root /usr/bin/su`: st_mode in hexadecimal, whose first digit is the type (8 = file, 4 = directory; inode(7)). */
function readFound(line: string): Found[] {
  const match = /^([48][0-9a-f]{3}) (\S+) (\S+) (\/.*)$/.exec(line);
  if (!match) return [];
  const [, mode = '', owner = '', group = '', path = ''] = match;
  return [{ path, mode: Number.parseInt(mode, 16) & 0o7777, owner, group, directory: mode.startsWith('4') }];
}

function readEnd(line: string): [mount: string, exitCode: number][] {
  const match = /^@ended (\d+) (\/.*)$/.exec(line);
  return match?.[2] ? [[match[2], Number(match[1])]] : [];
}

/** Paths with their packages; `null` where no package manager could be asked. */
function readOwners(parts: ReturnType<typeof readParts>): Map<string, string> | null {
  if (parts.has('apk')) {
    const lines = parts.get('apk').lines.flatMap((line) => {
      const match = /^(\/.*) is owned by (\S+?)-\d\S*$/.exec(line);
      return match?.[1] && match[2] ? [[match[1], match[2]] as const] : [];
    });
    return new Map(lines);
  }
  if (!parts.has('dpkg') && !parts.has('rpm')) return null;
  // dpkg: `util-linux: /bin/su`, `libc6:amd64, other: /path`; of a diversion it says "diversion by".
  const lines = [...parts.get('dpkg').lines, ...parts.get('rpm').lines].flatMap((line) => {
    const match = /^(?!diversion by )([a-z0-9][^,: ]*)[^/]*: (\/.*)$/i.exec(line);
    return match?.[1] && match[2] ? [[match[2], match[1]] as const] : [];
  });
  return new Map(lines);
}

/** find ends with 1 where it could not enter a directory or a file went while it looked (as root: the latter). */
function unseen(
  ended: ReadonlyMap<string, number>,
  searched: readonly string[],
  root: boolean,
  stderr: string,
): string | null {
  const left = searched.filter((mount) => !ended.has(mount));
  if (left.length > 0) return `the search did not get to ${left.join(', ')}`;
  if (!root) return 'only root can enter every directory';
  const refused = stderr.split('\n').find((line) => /permission denied|not permitted/i.test(line));
  return refused === undefined ? null : `not every directory could be entered: ${refused.slice(0, 150)}`;
}
