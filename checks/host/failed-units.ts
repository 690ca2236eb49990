import { z } from 'zod';
import { defineCheck } from '../../src/core/check.ts';
import { fail, outcomesOr, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'host.failed-units',
  title: 'No systemd unit has failed',
  category: 'host',
  severity: 'high',
  since: '0.1.0',
  rationale:
    'A failed unit is a service, a timer or a mount that should be there and is not; nobody is told unless somebody asks.',
  remediation: 'Read why (systemctl status UNIT; journalctl -u UNIT -b), repair it, then systemctl reset-failed UNIT.',
  references: ['systemctl(1), --failed'],
  needs: ['host.services'],
  options: z.strictObject({ ignore: z.array(z.string()).default([]).describe('names of units that may fail') }),
  evaluate({ 'host.services': { failed, state } }, { options }) {
    const counted = failed.filter((one) => !options.ignore.includes(one.unit));
    return outcomesOr(
      counted.map((one) =>
        fail(one.unit, `${one.unit} has failed${one.description ? `: ${one.description}` : ''}`, {
          seen: 'failed',
          wanted: 'active, or disabled on purpose',
        }),
      ),
      pass(`no unit has failed (the system is ${state})`),
    );
  },
  examples: [
    { name: 'all well', facts: { 'host.services': { state: 'running', failed: [] } }, status: 'pass' },
    {
      name: 'a failed backup',
      facts: {
        'host.services': { state: 'degraded', failed: [{ unit: 'backup.service', description: 'Nightly backup' }] },
      },
      status: 'fail',
      subjects: ['backup.service'],
    },
    {
      name: 'one that may fail',
      facts: { 'host.services': { state: 'degraded', failed: [{ unit: 'fwupd.service', description: '' }] } },
      options: { ignore: ['fwupd.service'] },
      status: 'pass',
    },
  ],
});
