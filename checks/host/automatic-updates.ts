import { z } from 'zod';
import { defineCheck } from '../../src/core/check.ts';
import { formatDuration } from '../../src/core/duration.ts';
import type { HostMaintenanceFacts } from '../../src/core/facts/host-maintenance.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-01T00:00:00Z');

function maintenance(change: Partial<HostMaintenanceFacts['automatic']>): HostMaintenanceFacts {
  return {
    automatic: { tool: 'unattended-upgrades', refreshes: true, installs: true, lastRunAt: NOW - DAY, ...change },
    reboot: { required: false, packages: [], runningKernel: '6.1.0-28-amd64', newestKernel: '6.1.0-28-amd64' },
  };
}

export default defineCheck({
  id: 'host.automatic-updates',
  title: 'Security updates install themselves, and really did lately',
  category: 'host',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'Updates that wait for somebody wait for weeks; and a tool that is installed but switched off looks the same as one that works.',
  remediation:
    'apt install unattended-upgrades && dpkg-reconfigure -plow unattended-upgrades (sets APT::Periodic::Unattended-Upgrade "1"); or dnf install dnf-automatic && systemctl enable --now dnf-automatic-install.timer.',
  references: ['https://wiki.debian.org/UnattendedUpgrades', 'https://dnf.readthedocs.io/en/latest/automatic.html'],
  needs: ['host.maintenance'],
  options: z.strictObject({
    maxAgeDays: z
      .number()
      .positive()
      .default(7)
      .describe('age of the last run after which it no longer counts as running'),
  }),
  evaluate({ 'host.maintenance': { automatic } }, { now, options }) {
    const { tool, refreshes, installs, lastRunAt } = automatic;
    if (tool === null && refreshes === null) return unknown('', 'how this system updates itself is not known');
    if (tool === null)
      return fail('', 'no tool installs security updates by itself', {
        wanted: 'unattended-upgrades or dnf-automatic',
      });
    if (!installs || !refreshes) {
      return fail('', `${tool} is installed and does not ${refreshes ? 'install anything' : 'run'}`, {
        seen: `refreshes lists: ${refreshes ? 'yes' : 'no'}, installs: ${installs ? 'yes' : 'no'}`,
        wanted: 'both, with their timer enabled',
      });
    }
    if (lastRunAt === null) return unknown('', `${tool} is switched on; when it last ran could not be told`);
    const age = now - lastRunAt;
    if (age > options.maxAgeDays * DAY)
      return fail('', `${tool} is switched on and last ran ${formatDuration(age)} ago`, {
        seen: new Date(lastRunAt).toISOString(),
        wanted: `within ${options.maxAgeDays} days`,
      });
    return pass(`${tool} installs updates; it last ran ${formatDuration(Math.max(0, age))} ago`);
  },
  examples: [
    { name: 'on, and ran yesterday', facts: { 'host.maintenance': maintenance({}) }, status: 'pass' },
    {
      name: 'installed and switched off',
      facts: { 'host.maintenance': maintenance({ installs: false }) },
      status: 'fail',
    },
    {
      name: 'switched on, and stuck since spring',
      facts: { 'host.maintenance': maintenance({ lastRunAt: NOW - 200 * DAY }) },
      status: 'fail',
    },
    {
      name: 'not installed',
      facts: { 'host.maintenance': maintenance({ tool: null, installs: false }) },
      status: 'fail',
    },
    { name: 'no trace of a run', facts: { 'host.maintenance': maintenance({ lastRunAt: null }) }, status: 'unknown' },
  ],
});
