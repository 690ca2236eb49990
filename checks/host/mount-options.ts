import { defineCheck } from '../../src/core/check.ts';
import { exampleDisk } from '../../src/core/facts/examples-disk.ts';
import { fail, notApplicable, outcomesOr, pass } from '../../src/core/outcome.ts';

/** CIS: what everybody may write to needs neither devices nor privileged programs, /dev/shm no programs at all. */
const WANTED: Readonly<Record<string, readonly string[]>> = {
  '/tmp': ['nodev', 'nosuid'],
  '/var/tmp': ['nodev', 'nosuid'],
  '/dev/shm': ['nodev', 'nosuid', 'noexec'],
  '/home': ['nodev', 'nosuid'],
};

export default defineCheck({
  id: 'host.mount-options',
  title: 'Places that everybody may write to hold no devices and no privileged programs',
  category: 'host',
  severity: 'low',
  since: '0.1.0',
  rationale: 'nodev and nosuid take two classic ways from "can write a file" to "is root"; they cost nothing.',
  remediation:
    'Add the options to the line in /etc/fstab (tmpfs /dev/shm tmpfs nodev,nosuid,noexec 0 0) and remount: mount -o remount /dev/shm.',
  references: ['CIS Debian Linux 12 Benchmark'],
  needs: ['host.disk'],
  evaluate({ 'host.disk': { mounts } }) {
    const seen = Object.keys(WANTED).flatMap((place) => mounts.findLast((mount) => mount.mountpoint === place) ?? []);
    if (seen.length === 0)
      return notApplicable('none of /tmp, /var/tmp, /dev/shm and /home is a file system of its own');
    const lax = seen.flatMap((mount) => {
      const missing = (WANTED[mount.mountpoint] ?? []).filter((option) => !mount.options.includes(option));
      return missing.length > 0
        ? [
            fail(mount.mountpoint, `${mount.mountpoint} is mounted without ${missing.join(', ')}`, {
              seen: mount.options.join(','),
              wanted: (WANTED[mount.mountpoint] ?? []).join(','),
            }),
          ]
        : [];
    });
    return outcomesOr(lax, pass(`${seen.map((mount) => mount.mountpoint).join(', ')} are mounted as they should be`));
  },
  examples: [
    {
      name: 'hardened',
      facts: { 'host.disk': exampleDisk({ '/': {}, '/tmp': { options: ['rw', 'nosuid', 'nodev'] } }) },
      status: 'pass',
    },
    {
      name: 'a /dev/shm that runs programs',
      facts: { 'host.disk': exampleDisk({ '/dev/shm': { type: 'tmpfs', options: ['rw', 'nosuid', 'nodev'] } }) },
      status: 'fail',
      subjects: ['/dev/shm'],
    },
    {
      name: 'one file system for everything',
      facts: { 'host.disk': exampleDisk({ '/': {} }) },
      status: 'not-applicable',
    },
  ],
});
