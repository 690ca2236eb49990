import { defineCheck } from '../../src/core/check.ts';
import { examplePermissions } from '../../src/core/facts/examples-permissions.ts';
import { fail, notApplicable, outcomesOr, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'host.cron-permissions',
  title: 'Only root can change what cron runs as root',
  category: 'host',
  severity: 'low',
  since: '0.1.0',
  rationale: 'Whoever can write there runs commands as root a minute later.',
  remediation: 'chown root:root FILE && chmod go-w FILE for /etc/crontab and everything in /etc/cron.*.',
  references: ['CIS Debian Linux 12 Benchmark'],
  needs: ['host.permissions'],
  evaluate({ 'host.permissions': { files } }) {
    const cron = files.filter((file) => file.purpose === 'cron');
    if (cron.length === 0) return notApplicable('cron is not installed');
    // The spool of users' own tables belongs to the group crontab, with the sticky bit.
    const open = cron.filter(
      (file) =>
        (file.mode & 0o002) !== 0 ||
        ((file.mode & 0o020) !== 0 && !['root', 'crontab'].includes(file.group)) ||
        file.owner !== 'root',
    );
    return outcomesOr(
      open.map((file) =>
        fail(
          file.path,
          `${file.path} can be changed by ${file.mode & 0o002 ? 'everybody' : file.owner === 'root' ? `the group ${file.group}` : file.owner}`,
          {
            severity: 'high',
            seen: `${file.mode.toString(8).padStart(4, '0')} ${file.owner}:${file.group}`,
            wanted: 'owned by root, writable by root alone',
          },
        ),
      ),
      pass(`${cron.length} files and directories of cron are writable by root alone`),
    );
  },
  examples: [
    {
      name: 'as installed',
      facts: {
        'host.permissions': examplePermissions(
          'cron',
          '644 root:root /etc/crontab',
          '755 root:root /etc/cron.d',
          '1730 root:crontab /var/spool/cron/crontabs',
        ),
      },
      status: 'pass',
    },
    {
      name: 'open to everybody',
      facts: { 'host.permissions': examplePermissions('cron', '666 root:root /etc/cron.d/backup') },
      status: 'fail',
      subjects: ['/etc/cron.d/backup'],
      severity: 'high',
    },
    {
      name: 'owned by somebody else',
      facts: { 'host.permissions': examplePermissions('cron', '644 deploy:deploy /etc/cron.d/backup') },
      status: 'fail',
    },
    { name: 'no cron', facts: { 'host.permissions': examplePermissions('cron') }, status: 'not-applicable' },
  ],
});
