import { defineCheck } from '../../src/core/check.ts';
import type { HostMaintenanceFacts } from '../../src/core/facts/host-maintenance.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

function reboot(change: Partial<HostMaintenanceFacts['reboot']>): HostMaintenanceFacts {
  return {
    automatic: { tool: null, refreshes: null, installs: null, lastRunAt: null },
    reboot: {
      required: false,
      packages: [],
      runningKernel: '6.1.0-28-amd64',
      newestKernel: '6.1.0-28-amd64',
      ...change,
    },
  };
}

export default defineCheck({
  id: 'host.reboot-required',
  title: 'No restart is owed',
  category: 'host',
  severity: 'medium',
  since: '0.1.0',
  rationale: 'An updated kernel or C library protects nobody until it runs.',
  remediation:
    'Restart in the next maintenance window, or use live patching; needrestart lists what else holds old libraries.',
  references: ['https://www.debian.org/doc/debian-policy/ch-opersys.html', 'needrestart(1)'],
  needs: ['host.maintenance'],
  evaluate({ 'host.maintenance': { reboot: state } }) {
    const kernel = `running ${state.runningKernel}${state.newestKernel ? `, newest installed ${state.newestKernel}` : ''}`;
    if (state.required === null) return unknown('', 'this system does not say whether it needs a restart');
    if (!state.required) return pass(`no restart is owed (${kernel})`);
    const because = state.packages.length > 0 ? state.packages.slice(0, 8).join(', ') : 'a newer kernel is installed';
    return fail('', `the host waits for a restart: ${because}`, {
      seen: kernel,
      wanted: 'the newest kernel and libraries in use',
    });
  },
  examples: [
    { name: 'up to date', facts: { 'host.maintenance': reboot({}) }, status: 'pass' },
    {
      name: 'flagged by the package manager',
      facts: { 'host.maintenance': reboot({ required: true, packages: ['linux-image-amd64', 'libc6'] }) },
      status: 'fail',
    },
    {
      name: 'a newer kernel lies on the disk',
      facts: { 'host.maintenance': reboot({ required: true, newestKernel: '6.1.0-30-amd64' }) },
      status: 'fail',
    },
    {
      name: 'a system that does not say',
      facts: { 'host.maintenance': reboot({ required: null, newestKernel: null }) },
      status: 'unknown',
    },
  ],
});
