import { defineCheck } from '../../src/core/check.ts';
import { exampleHardening } from '../../src/core/facts/examples-hardening.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'host.core-dumps',
  title: 'Crashed programs leave no memory dumps behind',
  category: 'host',
  severity: 'low',
  since: '0.1.0',
  rationale:
    "A dump holds the memory of the program: keys, passwords and customers' data, in a file that backups and support tickets carry on.",
  remediation:
    "echo '* hard core 0' > /etc/security/limits.d/90-core.conf, and Storage=none in /etc/systemd/coredump.conf where systemd-coredump is used.",
  references: ['CIS Debian Linux 12 Benchmark', 'core(5)'],
  needs: ['host.hardening'],
  evaluate({ 'host.hardening': { corePattern, coreLimits, coredumpStorage } }) {
    if (corePattern === null) return unknown('', 'what the kernel does with a dump could not be read');
    if (corePattern === '' || corePattern === '|/bin/false')
      return pass('the kernel throws dumps away', { seen: corePattern });
    if (corePattern.includes('systemd-coredump')) {
      if (coredumpStorage === 'none') return pass('systemd-coredump keeps nothing');
      return fail('', 'systemd-coredump keeps the memory of crashed programs', {
        seen: `Storage=${coredumpStorage ?? 'external (its default)'}`,
        wanted: 'Storage=none',
      });
    }
    const everybody = coreLimits.some((line) => /^\* (hard|-) core 0$/.test(line));
    if (everybody) return pass('limits.conf allows nobody a core dump');
    return fail('', 'core dumps are not switched off', {
      seen: `core_pattern ${corePattern}; ${coreLimits.join('; ') || 'no limit'}`,
      wanted: '* hard core 0',
    });
  },
  examples: [
    { name: 'limited to nothing', facts: { 'host.hardening': exampleHardening() }, status: 'pass' },
    { name: 'no limit', facts: { 'host.hardening': exampleHardening({ coreLimits: [] }) }, status: 'fail' },
    {
      name: 'systemd-coredump keeps them',
      facts: { 'host.hardening': exampleHardening({ corePattern: '|/lib/systemd/systemd-coredump %P' }) },
      status: 'fail',
    },
    {
      name: 'systemd-coredump keeps nothing',
      facts: {
        'host.hardening': exampleHardening({
          corePattern: '|/lib/systemd/systemd-coredump %P',
          coredumpStorage: 'none',
        }),
      },
      status: 'pass',
    },
    { name: 'unreadable', facts: { 'host.hardening': exampleHardening({ corePattern: null }) }, status: 'unknown' },
  ],
});
