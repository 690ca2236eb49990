import { z } from 'zod';
import { defineCheck } from '../../src/core/check.ts';
import type { HostTimeFacts } from '../../src/core/facts/host-time.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

const GOOD: HostTimeFacts = {
  hostClock: Date.parse('2026-11-01T00:00:00Z'),
  synchronized: true,
  daemons: ['chronyd'],
  offsetMs: 0.4,
  timeZone: 'Etc/UTC',
};

export default defineCheck({
  id: 'host.time-sync',
  title: 'The clock is kept in step',
  category: 'host',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'Certificates, tokens, replication and every log line depend on the time; a clock without a source drifts by seconds a day.',
  remediation:
    'apt install chrony (or systemctl enable --now systemd-timesyncd) and look at chronyc tracking or timedatectl after a minute.',
  references: ['RFC 8633', 'CIS Debian Linux 12 Benchmark'],
  needs: ['host.time'],
  options: z.strictObject({ maxOffsetMs: z.number().positive().default(500) }),
  evaluate({ 'host.time': time }, { options }) {
    const who = time.daemons.join(', ');
    if (time.offsetMs !== null && Math.abs(time.offsetMs) > options.maxOffsetMs) {
      return fail('', `${who || 'the time daemon'} sees the clock ${Math.round(Math.abs(time.offsetMs))} ms off`, {
        seen: `${time.offsetMs} ms`,
        wanted: `within ${options.maxOffsetMs} ms`,
      });
    }
    if (time.synchronized === false)
      return fail('', who ? `${who} runs, but the clock is not synchronised` : 'nothing keeps the clock in step', {
        seen: 'NTPSynchronized=no',
        wanted: 'yes',
      });
    if (time.synchronized === null) {
      return time.daemons.length > 0
        ? unknown('', `${who} runs; whether it is synchronised could not be told`)
        : unknown('', 'no time daemon was seen; a virtual machine may get its time from its host');
    }
    return pass(
      `the clock is synchronised${who ? ` by ${who}` : ''}${time.offsetMs === null ? '' : `, ${Math.abs(time.offsetMs).toFixed(1)} ms off`}`,
    );
  },
  examples: [
    { name: 'chrony in step', facts: { 'host.time': GOOD }, status: 'pass' },
    {
      name: 'nothing keeps the time',
      facts: { 'host.time': { ...GOOD, synchronized: false, daemons: [], offsetMs: null } },
      status: 'fail',
    },
    {
      name: 'a daemon that has lost its sources',
      facts: { 'host.time': { ...GOOD, offsetMs: -9_000 } },
      status: 'fail',
    },
    {
      name: 'nothing to be seen',
      facts: { 'host.time': { ...GOOD, synchronized: null, daemons: [], offsetMs: null } },
      status: 'unknown',
    },
  ],
});
