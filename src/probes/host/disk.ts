import { AbsentError } from '../../core/collected.ts';
import type { HostDiskFacts } from '../../core/facts/host-disk.ts';
import { PARTS, readParts } from './parts.ts';
import type { HostSection } from './section.ts';

/** File systems that hold no data of their own, or are full and read-only by nature. */
const PSEUDO = new Set(
  'autofs binfmt_misc bpf cgroup cgroup2 configfs debugfs devpts devtmpfs efivarfs fuse.gvfsd-fuse fuse.lxcfs fuse.portal fusectl hugetlbfs iso9660 mqueue nsfs proc pstore ramfs rpc_pipefs securityfs selinuxfs squashfs sysfs tracefs udf erofs'.split(
    ' ',
  ),
);

/** Space and inodes of local file systems; `-l` where `df` knows it, so that a dead network mount does not hang it. */
export const diskSection: HostSection<'host.disk'> = {
  key: 'host.disk',
  script: `${PARTS}
part mounts; cat /proc/mounts
local=; df -P -l / >/dev/null 2>&1 && local=-l
part space; df -P -k $local 2>/dev/null
part inodes; df -P -i $local 2>/dev/null
part fstab; grep -vE '^[[:space:]]*(#|$)' /etc/fstab 2>/dev/null || :
`,
  timeoutS: 10,
  maxBytes: 512 * 1024,
  sudo: 'never',
  parse({ stdout, truncated }) {
    const parts = readParts(stdout);
    const mounts = parts.get('mounts').lines.flatMap(readMount);
    const space = parts.get('space').lines.flatMap(readDf);
    if (truncated || mounts.length === 0 || space.length === 0) {
      throw new AbsentError('unreadable', 'df or /proc/mounts gave nothing that could be read');
    }
    const inodes = new Map(
      parts
        .get('inodes')
        .lines.flatMap(readDf)
        .map((row) => [row.mountpoint, row]),
    );
    return {
      filesystems: space.flatMap((row) => {
        // The last mount at a place is the one that is seen.
        const mount = mounts.findLast((one) => one.mountpoint === row.mountpoint);
        if (!mount || PSEUDO.has(mount.type) || row.total === 0) return [];
        const nodes = inodes.get(row.mountpoint);
        return [
          {
            source: row.source,
            type: mount.type,
            mountpoint: row.mountpoint,
            sizeBytes: row.total * 1_024,
            availableBytes: row.available * 1_024,
            usedPercent: row.percent,
            inodesUsedPercent: nodes && nodes.total > 0 ? nodes.percent : null,
            readOnly: mount.options.includes('ro'),
            options: mount.options,
          },
        ];
      }),
      mounts: mounts.map(({ mountpoint, type, options }) => ({ mountpoint, type, options })),
      fstabWritable: parts.get('fstab').lines.flatMap((line) => {
        const [, mountpoint, , options = ''] = line.trim().split(/\s+/);
        return mountpoint?.startsWith('/') && !options.split(',').includes('ro') ? [mountpoint] : [];
      }),
    };
  },
};

/** proc_mounts(5): blanks in names stand as octal escapes. */
function readMount(line: string): HostDiskFacts['mounts'] {
  const [, mountpoint, type, options] = line.split(' ');
  if (!mountpoint || !type) return [];
  const name = mountpoint.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return [{ mountpoint: name, type, options: (options ?? '').split(',') }];
}

/** One row of `df -P`: source, total, used, available, percent, mount point (which may have blanks). */
function readDf(
  line: string,
): { source: string; total: number; available: number; percent: number; mountpoint: string }[] {
  const match = /^(\S.*?)\s+(\d+|-)\s+(\d+|-)\s+(-?\d+|-)\s+(\d+%|-)\s+(\/.*)$/.exec(line);
  if (!match) return [];
  const number = (text: string | undefined) => (text === undefined || text === '-' ? 0 : Number.parseInt(text, 10));
  return [
    {
      source: match[1] ?? '',
      total: number(match[2]),
      available: Math.max(0, number(match[4])),
      percent: number(match[5]),
      mountpoint: match[6] ?? '',
    },
  ];
}
