import { defineCheck } from '../../src/core/check.ts';
import { exampleLogging } from '../../src/core/facts/examples-logging.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'host.audit-logging',
  title: 'The audit trail of the kernel is on',
  category: 'host',
  severity: 'low',
  since: '0.1.0',
  rationale:
    'After a break-in the audit trail is what tells who ran what and which files were touched; ordinary logs do not.',
  remediation:
    'apt install auditd (dnf install audit), put rules into /etc/audit/rules.d/ and load them with augenrules --load. The distributions bring sets of rules in /usr/share/doc/auditd/examples/rules or /usr/share/audit/sample-rules.',
  references: ['auditctl(8)', 'CIS Debian Linux 12 Benchmark, "auditd is installed" and "enabled and active"'],
  needs: ['host.logging'],
  evaluate({ 'host.logging': { audit } }) {
    if (!audit.installed) return fail('', 'auditd is not installed', { wanted: 'auditd with rules' });
    if (!audit.running)
      return fail('', 'auditd is installed and does not run', { wanted: 'systemctl enable --now auditd' });
    if (audit.enabled === 0)
      return fail('', 'auditd runs, and auditing is switched off in the kernel', {
        seen: 'enabled 0',
        wanted: 'enabled 1 or 2',
      });
    if (audit.rules === 0)
      return fail('', 'auditd runs without a single rule', { seen: 'No rules', wanted: 'rules in /etc/audit/rules.d' });
    if (audit.enabled === null || audit.rules === null)
      return unknown('', 'auditd runs; only root can see whether it has rules');
    return pass(`auditd runs with ${audit.rules} rules${audit.enabled === 2 ? ', locked until the next boot' : ''}`);
  },
  examples: [
    { name: 'with rules', facts: { 'host.logging': exampleLogging() }, status: 'pass' },
    {
      name: 'not installed',
      facts: {
        'host.logging': exampleLogging({ audit: { installed: false, running: false, enabled: null, rules: null } }),
      },
      status: 'fail',
    },
    {
      name: 'stopped',
      facts: { 'host.logging': exampleLogging({ audit: { installed: true, running: false, enabled: 1, rules: 3 } }) },
      status: 'fail',
    },
    {
      name: 'without rules',
      facts: { 'host.logging': exampleLogging({ audit: { installed: true, running: true, enabled: 1, rules: 0 } }) },
      status: 'fail',
    },
    {
      name: 'switched off',
      facts: { 'host.logging': exampleLogging({ audit: { installed: true, running: true, enabled: 0, rules: 3 } }) },
      status: 'fail',
    },
    {
      name: 'seen without root',
      facts: {
        'host.logging': exampleLogging({ audit: { installed: true, running: true, enabled: null, rules: null } }),
      },
      status: 'unknown',
    },
  ],
});
