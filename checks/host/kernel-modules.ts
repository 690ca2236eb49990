import { z } from 'zod';
import { defineCheck } from '../../src/core/check.ts';
import { exampleHardening } from '../../src/core/facts/examples-hardening.ts';
import { fail, outcomesOr, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'host.kernel-modules',
  title: 'No rarely used kernel module is loaded',
  category: 'host',
  severity: 'low',
  since: '0.1.0',
  rationale:
    'Old protocols and file systems get little care, and any user could load some of them; several were ways to root.',
  remediation:
    "Keep it out: printf 'install NAME /bin/false\\nblacklist NAME\\n' > /etc/modprobe.d/NAME.conf, then modprobe -r NAME.",
  references: ['CIS Debian Linux 12 Benchmark'],
  needs: ['host.hardening'],
  options: z.strictObject({ allow: z.array(z.string()).default([]).describe('modules that this host needs') }),
  evaluate({ 'host.hardening': { rareModules } }, { options }) {
    return outcomesOr(
      rareModules
        .filter((name) => !options.allow.includes(name))
        .map((name) =>
          fail(name, `the kernel module ${name} is loaded`, {
            seen: 'loaded',
            wanted: 'not loaded, or declared as needed',
          }),
        ),
      pass('none of the rarely used modules is loaded'),
    );
  },
  examples: [
    { name: 'none', facts: { 'host.hardening': exampleHardening() }, status: 'pass' },
    {
      name: 'one',
      facts: { 'host.hardening': exampleHardening({ rareModules: ['dccp'] }) },
      status: 'fail',
      subjects: ['dccp'],
    },
    {
      name: 'needed',
      facts: { 'host.hardening': exampleHardening({ rareModules: ['sctp'] }) },
      options: { allow: ['sctp'] },
      status: 'pass',
    },
  ],
});
