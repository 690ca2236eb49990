import { defineCheck } from '../../src/core/check.ts';
import type { HostSwapFacts } from '../../src/core/facts/host-swap.ts';
import { fail, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

function swap(
  ...areas: [path: string, kind: 'partition' | 'file' | 'memory', encrypted: boolean | null][]
): HostSwapFacts {
  return { areas: areas.map(([path, kind, encrypted]) => ({ path, kind, encrypted })) };
}

export default defineCheck({
  id: 'host.swap-encryption',
  title: 'What is swapped out is encrypted',
  category: 'host',
  severity: 'info',
  since: '0.1.0',
  rationale:
    'Keys and passwords in memory reach the disk by way of swap and stay there after a restart, readable for whoever gets the disk.',
  remediation:
    'Encrypt it with a key that is new at each boot: in /etc/crypttab "swap /dev/DEVICE /dev/urandom swap,cipher=aes-xts-plain64,size=512"; or use zram; or do without (swapoff -a, and its line in /etc/fstab).',
  references: ['crypttab(5)', 'BSI IT-Grundschutz SYS.1.3'],
  needs: ['host.swap'],
  evaluate({ 'host.swap': { areas } }) {
    if (areas.length === 0) return pass('the host has no swap');
    return outcomesOr(
      areas.flatMap(({ path, kind, encrypted }) => {
        if (kind === 'memory' || encrypted) return [];
        return [
          encrypted === null
            ? unknown(path, `what lies below ${path} could not be seen`)
            : fail(path, `${path} is swap in the clear`, { seen: kind, wanted: 'dm-crypt below it, zram, or none' }),
        ];
      }),
      pass(`all swap is encrypted or in memory: ${areas.map(({ path }) => path).join(', ')}`),
    );
  },
  examples: [
    { name: 'none', facts: { 'host.swap': swap() }, status: 'pass' },
    {
      name: 'a plain file',
      facts: { 'host.swap': swap(['/swapfile', 'file', false]) },
      status: 'fail',
      subjects: ['/swapfile'],
    },
    { name: 'over dm-crypt', facts: { 'host.swap': swap(['/dev/dm-1', 'partition', true]) }, status: 'pass' },
    { name: 'compressed memory', facts: { 'host.swap': swap(['/dev/zram0', 'memory', null]) }, status: 'pass' },
    {
      name: 'in a container, where the device is not to be seen',
      facts: { 'host.swap': swap(['/dev/vdb', 'partition', null]) },
      status: 'unknown',
    },
  ],
});
