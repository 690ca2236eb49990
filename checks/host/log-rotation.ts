import { defineCheck } from '../../src/core/check.ts';
import { exampleHardening } from '../../src/core/facts/examples-hardening.ts';
import { fail, pass } from '../../src/core/outcome.ts';

const NO_ROTATE = { installed: false, configured: false, scheduled: false };

export default defineCheck({
  id: 'host.log-rotation',
  title: 'Logs are rotated',
  category: 'host',
  severity: 'low',
  since: '0.1.0',
  rationale: 'A log that only grows fills the disk one night, and then nothing works any more.',
  remediation:
    'apt install logrotate (dnf, apk likewise) and look that its timer or daily cron job is there; bound the journal with SystemMaxUse= in journald.conf.',
  references: ['logrotate(8)', 'journald.conf(5), SystemMaxUse: a tenth of the file system by default'],
  needs: ['host.hardening'],
  evaluate({ 'host.hardening': { logrotate, journal } }) {
    if (logrotate.installed && logrotate.configured && logrotate.scheduled)
      return pass('logrotate is installed, configured and scheduled');
    if (logrotate.installed) {
      return fail(
        '',
        `logrotate is installed and ${logrotate.configured ? 'nothing runs it' : 'has no configuration'}`,
        {
          seen: `configured: ${logrotate.configured ? 'yes' : 'no'}, scheduled: ${logrotate.scheduled ? 'yes' : 'no'}`,
          wanted: 'logrotate.timer or /etc/cron.daily/logrotate',
        },
      );
    }
    return fail(
      '',
      `logrotate is not installed${journal.present ? '; only the journal is bounded, not the files in /var/log' : ''}`,
      { wanted: 'logrotate, or no log files outside the journal' },
    );
  },
  examples: [
    { name: 'installed and scheduled', facts: { 'host.hardening': exampleHardening() }, status: 'pass' },
    { name: 'missing', facts: { 'host.hardening': exampleHardening({ logrotate: NO_ROTATE }) }, status: 'fail' },
    {
      name: 'installed, and nothing runs it',
      facts: {
        'host.hardening': exampleHardening({ logrotate: { installed: true, configured: true, scheduled: false } }),
      },
      status: 'fail',
    },
  ],
});
