import { judgeScopes, notTold } from '../../src/analysis/sshd-settings.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleHostSshd } from '../../src/core/facts/examples-ssh.ts';
import { fail, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'ssh.max-auth-tries',
  title: 'A connection gets few tries to log in',
  category: 'ssh',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'Each connection may guess this often before it has to start again, which is what slows guessing down and shows in the log.',
  remediation: 'Set "MaxAuthTries 4" or less and reload sshd.',
  references: ['https://man.openbsd.org/sshd_config#MaxAuthTries', 'CIS Debian Linux 12 Benchmark'],
  needs: ['host.sshd'],
  evaluate({ 'host.sshd': sshd }) {
    return judgeScopes(sshd, ['maxauthtries'], (scope) => {
      const value = scope.get('maxauthtries');
      if (value === undefined || !/^\d+$/.test(value)) return notTold(scope, 'MaxAuthTries');
      const seen = `MaxAuthTries ${value}`;
      // The default of 6 serves people with many keys in their agent; above that there is no such reason.
      if (Number(value) <= 4) return pass(`${value} tries per connection`, { seen });
      const severity = Number(value) <= 6 ? 'low' : 'medium';
      return fail(scope.subject, `${value} tries per connection`, { seen, wanted: 'MaxAuthTries 4 or less', severity });
    });
  },
  examples: [
    { name: 'three', facts: { 'host.sshd': exampleHostSshd() }, status: 'pass' },
    {
      name: 'the default',
      facts: { 'host.sshd': exampleHostSshd({ maxauthtries: '6' }) },
      status: 'fail',
      severity: 'low',
    },
    {
      name: 'one is stricter and fine',
      facts: { 'host.sshd': exampleHostSshd({ maxauthtries: '1' }) },
      status: 'pass',
    },
    {
      name: 'twenty',
      facts: { 'host.sshd': exampleHostSshd({ maxauthtries: '20' }) },
      status: 'fail',
      severity: 'medium',
    },
  ],
});
