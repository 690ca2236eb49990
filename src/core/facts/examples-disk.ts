import type { HostDiskFacts } from './host-disk.ts';

type Filesystem = HostDiskFacts['filesystems'][number];

/** File systems of an example: 100 GiB of ext4 at the given places, 40 % used, with what is changed. */
export function exampleDisk(
  filesystems: Record<string, Partial<Filesystem>>,
  more: Partial<HostDiskFacts> = {},
): HostDiskFacts {
  const list = Object.entries(filesystems).map(([mountpoint, change]): Filesystem => {
    const sizeBytes = change.sizeBytes ?? 100 * 1024 ** 3;
    const usedPercent = change.usedPercent ?? 40;
    return {
      source: '/dev/vda1',
      type: 'ext4',
      mountpoint,
      sizeBytes,
      availableBytes: Math.round((sizeBytes * (100 - usedPercent)) / 100),
      usedPercent,
      inodesUsedPercent: 5,
      readOnly: false,
      options: ['rw', 'relatime'],
      ...change,
    };
  });
  return {
    filesystems: list,
    mounts: list.map(({ mountpoint, type, options }) => ({ mountpoint, type, options })),
    fstabWritable: list.map((one) => one.mountpoint),
    ...more,
  };
}
