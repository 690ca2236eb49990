import { z } from 'zod';
import { defineCheck } from '../../src/core/check.ts';
import { exampleDisk } from '../../src/core/facts/examples-disk.ts';
import { fail, notApplicable, outcomesOr, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'host.inodes',
  title: 'Every file system has inodes left',
  category: 'host',
  severity: 'high',
  since: '0.1.0',
  rationale:
    'Millions of small files (sessions, mail, caches) use up the inodes; then no file can be made although df shows room.',
  remediation:
    'Find the directory with the many files (find / -xdev -printf "%h\\n" | sort | uniq -c | sort -n | tail) and clear it regularly.',
  references: ['df(1), --inodes', 'mke2fs(8), -i bytes-per-inode'],
  needs: ['host.disk'],
  options: z.strictObject({ warnPercent: z.number().default(85), failPercent: z.number().default(95) }),
  evaluate({ 'host.disk': { filesystems } }, { options }) {
    const counted = filesystems.flatMap((fs) =>
      fs.inodesUsedPercent === null || fs.readOnly ? [] : [{ ...fs, percent: fs.inodesUsedPercent }],
    );
    if (counted.length === 0) return notApplicable('no file system here has a fixed number of inodes');
    const used = counted.filter((fs) => fs.percent >= options.warnPercent);
    const [fullest] = [...counted].sort((a, b) => b.percent - a.percent);
    return outcomesOr(
      used.map((fs) =>
        fail(fs.mountpoint, `${fs.percent} % of the inodes of ${fs.mountpoint} are used`, {
          severity: fs.percent >= options.failPercent ? 'high' : 'medium',
          seen: `${fs.percent} %`,
          wanted: `below ${options.warnPercent} %`,
        }),
      ),
      pass(`inodes are left everywhere; most are used on ${fullest?.mountpoint}: ${fullest?.percent} %`),
    );
  },
  examples: [
    { name: 'plenty', facts: { 'host.disk': exampleDisk({ '/': {} }) }, status: 'pass' },
    {
      name: 'none left although there is room',
      facts: { 'host.disk': exampleDisk({ '/': {}, '/var': { inodesUsedPercent: 100 } }) },
      status: 'fail',
      subjects: ['/var'],
    },
    {
      name: 'btrfs has no fixed number',
      facts: { 'host.disk': exampleDisk({ '/': { type: 'btrfs', inodesUsedPercent: null } }) },
      status: 'not-applicable',
    },
  ],
});
