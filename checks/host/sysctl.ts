import { z } from 'zod';
import { defineCheck } from '../../src/core/check.ts';
import { fail, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';
import { SYSCTL_RULES } from '../../src/knowledge/sysctl.ts';

const GOOD = Object.fromEntries(SYSCTL_RULES.map((rule) => [rule.key, rule.good[0] ?? '']));

export default defineCheck({
  id: 'host.sysctl',
  title: 'Kernel settings are hardened',
  category: 'host',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'A handful of kernel settings stop whole classes of attacks (link races, forged routes, address guessing) at no cost.',
  remediation:
    'Write the keys to /etc/sysctl.d/90-hardening.conf, one "key = value" per line, and load them with sysctl --system.',
  references: ['CIS Debian Linux 12 Benchmark', 'https://www.kernel.org/doc/html/latest/admin-guide/sysctl/'],
  needs: ['host.sysctl'],
  options: z.strictObject({ except: z.array(z.string()).default([]).describe('keys that are meant to be otherwise') }),
  evaluate({ 'host.sysctl': { values } }, { options }) {
    const router = values['net.ipv4.ip_forward'] === '1';
    const rules = SYSCTL_RULES.filter(
      (rule) => rule.key in values && !options.except.includes(rule.key) && !(router && rule.notOnRouters),
    );
    if (rules.length === 0) return unknown('', 'none of the kernel settings could be read');
    const wrong = rules.filter((rule) => !rule.good.includes(values[rule.key] ?? ''));
    return outcomesOr(
      wrong.map((rule) =>
        fail(rule.key, `${rule.key} is ${values[rule.key]}: ${rule.why}`, {
          severity: rule.severity,
          seen: values[rule.key] ?? '',
          wanted: rule.good[0] ?? '',
          remediation: `echo '${rule.key} = ${rule.good[0]}' >> /etc/sysctl.d/90-hardening.conf && sysctl --system`,
        }),
      ),
      pass(`${rules.length} kernel settings are as they should be`),
    );
  },
  examples: [
    { name: 'all hardened', facts: { 'host.sysctl': { values: GOOD } }, status: 'pass' },
    {
      name: 'no address randomisation',
      facts: { 'host.sysctl': { values: { ...GOOD, 'kernel.randomize_va_space': '0' } } },
      status: 'fail',
      subjects: ['kernel.randomize_va_space'],
      severity: 'medium',
    },
    {
      name: 'a stricter value is fine',
      facts: { 'host.sysctl': { values: { ...GOOD, 'kernel.yama.ptrace_scope': '3' } } },
      status: 'pass',
    },
    {
      name: 'a router may take redirects its own way',
      facts: {
        'host.sysctl': { values: { ...GOOD, 'net.ipv4.ip_forward': '1', 'net.ipv4.conf.all.accept_redirects': '1' } },
      },
      status: 'pass',
    },
    { name: 'nothing readable', facts: { 'host.sysctl': { values: {} } }, status: 'unknown' },
  ],
});
