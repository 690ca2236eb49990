import { z } from 'zod';
import { defineCheck } from '../../src/core/check.ts';
import { exampleDisk } from '../../src/core/facts/examples-disk.ts';
import { fail, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';
import { formatSize, parseSize, sizeSchema } from '../../src/core/size.ts';

export default defineCheck({
  id: 'host.disk',
  title: 'Every file system has room and is writable',
  category: 'host',
  severity: 'high',
  since: '0.1.0',
  rationale:
    'A full disk stops databases, logs and log-ins at once; a file system that the kernel made read-only after an error does so silently.',
  remediation:
    'Find what grew (du -xh --max-depth=2 / | sort -h | tail), remove or move it, enlarge the file system; for a read-only one read dmesg and check the disk.',
  references: ['https://sre.google/sre-book/monitoring-distributed-systems/', 'mount(8), errors=remount-ro'],
  needs: ['host.disk'],
  options: z.strictObject({
    warnPercent: z.number().default(85),
    failPercent: z.number().default(95),
    enoughFree: sizeSchema
      .default(20 * 1024 ** 3)
      .describe('a file system with so much room is not full, whatever its percentage'),
  }),
  evaluate({ 'host.disk': { filesystems, fstabWritable } }, { options }) {
    const outcomes = filesystems.flatMap((fs) => {
      const room = `${fs.usedPercent} % used, ${formatSize(fs.availableBytes)} of ${formatSize(fs.sizeBytes)} left`;
      if (fs.readOnly) {
        if (!fstabWritable.includes(fs.mountpoint)) return [];
        return [
          fail(fs.mountpoint, `${fs.mountpoint} is read-only although fstab wants it writable`, {
            severity: 'critical',
            seen: fs.options.join(','),
            wanted: 'rw',
          }),
        ];
      }
      const full = fs.usedPercent >= options.warnPercent && fs.availableBytes < options.enoughFree;
      if (!full) return [];
      const severe = fs.usedPercent >= options.failPercent;
      return [
        fail(fs.mountpoint, `${fs.mountpoint} is ${severe ? 'full' : 'filling up'}: ${room}`, {
          severity: severe ? 'high' : 'medium',
          seen: `${fs.usedPercent} %`,
          wanted: `below ${options.warnPercent} %, or ${formatSize(options.enoughFree)} left`,
          details: {
            mountpoint: fs.mountpoint,
            usedPercent: fs.usedPercent,
            availableBytes: fs.availableBytes,
            sizeBytes: fs.sizeBytes,
          },
        }),
      ];
    });
    if (filesystems.length === 0) return unknown('', 'no file system was seen that holds data');
    const fullest = [...filesystems].sort((a, b) => b.usedPercent - a.usedPercent)[0];
    return outcomesOr(
      outcomes,
      pass(
        `${filesystems.length} file systems have room; the fullest is ${fullest?.mountpoint} with ${fullest?.usedPercent} % used`,
      ),
    );
  },
  examples: [
    {
      name: 'room everywhere',
      facts: { 'host.disk': exampleDisk({ '/': {}, '/srv': { usedPercent: 70 } }) },
      status: 'pass',
    },
    {
      name: 'a full one',
      facts: { 'host.disk': exampleDisk({ '/': {}, '/var': { usedPercent: 97 } }) },
      status: 'fail',
      subjects: ['/var'],
      severity: 'high',
    },
    {
      name: 'one that fills up',
      facts: { 'host.disk': exampleDisk({ '/': { usedPercent: 88 } }) },
      status: 'fail',
      severity: 'medium',
    },
    {
      name: '90 % of a very large disk is room enough',
      facts: { 'host.disk': exampleDisk({ '/srv': { usedPercent: 90, sizeBytes: parseSize('10TiB') ?? 0 } }) },
      status: 'pass',
    },
    {
      name: 'made read-only by the kernel after an error',
      facts: { 'host.disk': exampleDisk({ '/': { readOnly: true, options: ['ro', 'errors=remount-ro'] } }) },
      status: 'fail',
      severity: 'critical',
    },
    {
      name: 'read-only on purpose',
      facts: {
        'host.disk': exampleDisk({ '/': {}, '/boot': { readOnly: true, options: ['ro'] } }, { fstabWritable: ['/'] }),
      },
      status: 'pass',
    },
  ],
});
