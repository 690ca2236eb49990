import { z } from 'zod';
import { defineCheck } from '../../src/core/check.ts';
import { formatDuration } from '../../src/core/duration.ts';
import type { HostTimeFacts } from '../../src/core/facts/host-time.ts';
import { fail, pass } from '../../src/core/outcome.ts';

const NOW = Date.parse('2026-11-01T00:00:00Z');
const at = (hostClock: number): HostTimeFacts => ({
  hostClock,
  synchronized: null,
  daemons: [],
  offsetMs: null,
  timeZone: null,
});

export default defineCheck({
  id: 'host.clock-skew',
  title: 'The clock agrees with the auditor',
  category: 'host',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'A clock that is minutes off makes valid certificates and tokens invalid and logs of two hosts impossible to line up.',
  remediation: 'Start time synchronisation (host.time-sync) and step the clock once: chronyc makestep.',
  references: ['RFC 8633, section 4', 'RFC 7519, 4.1.4 (leeway of a few minutes)'],
  needs: ['host.time'],
  options: z.strictObject({
    maxSkewSeconds: z.number().positive().default(120).describe('the time an audit takes is part of what is measured'),
  }),
  evaluate({ 'host.time': { hostClock } }, { now, options }) {
    const skew = hostClock - now;
    const words = `${formatDuration(Math.abs(skew))} ${skew < 0 ? 'behind' : 'ahead of'} the auditor`;
    const details = { skewMs: skew };
    if (Math.abs(skew) > options.maxSkewSeconds * 1_000)
      return fail('', `the host's clock is ${words}`, {
        seen: new Date(hostClock).toISOString(),
        wanted: `within ${options.maxSkewSeconds} s`,
        details,
      });
    return pass(`the host's clock is within ${options.maxSkewSeconds} s of the auditor's`, { details });
  },
  examples: [
    { name: 'in step, but for the time of the audit', facts: { 'host.time': at(NOW + 4_000) }, status: 'pass' },
    { name: 'an hour ahead', facts: { 'host.time': at(NOW + 3_600_000) }, status: 'fail' },
    { name: 'back in 1970', facts: { 'host.time': at(86_400_000) }, status: 'fail' },
  ],
});
