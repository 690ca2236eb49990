import { z } from 'zod';

/** Local file systems that hold data; pseudo file systems are left out. */
export const hostDiskFacts = z.object({
  filesystems: z.array(
    z.object({
      source: z.string(),
      type: z.string(),
      mountpoint: z.string(),
      sizeBytes: z.number(),
      availableBytes: z.number(),
      /** As `df` says: of what an ordinary user could use. */
      usedPercent: z.number(),
      /** `null` where the file system has no fixed number of inodes (btrfs, vfat). */
      inodesUsedPercent: z.number().nullable(),
      readOnly: z.boolean(),
      options: z.array(z.string()),
    }),
  ),
  /** Every mount point with its options, pseudo file systems included. */
  mounts: z.array(z.object({ mountpoint: z.string(), type: z.string(), options: z.array(z.string()) })),
  /** What /etc/fstab wants writable; a mount of these that is read-only was remounted after an error. */
  fstabWritable: z.array(z.string()),
});
export type HostDiskFacts = z.infer<typeof hostDiskFacts>;
