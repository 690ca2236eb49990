import { judgeScopes, notTold } from '../../src/analysis/sshd-settings.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleHostSshd } from '../../src/core/facts/examples-ssh.ts';
import { fail, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'ssh.max-startups',
  title: 'Connections that have not logged in are limited',
  category: 'ssh',
  severity: 'medium',
  since: '0.1.0',
  rationale: 'Without a limit anybody can fill the server with half-open log-ins until nobody else gets in.',
  remediation: 'Set "MaxStartups 10:30:60" (start to refuse at 10, refuse all at 60) and reload sshd.',
  references: ['https://man.openbsd.org/sshd_config#MaxStartups', 'CIS Debian Linux 12 Benchmark'],
  needs: ['host.sshd'],
  evaluate({ 'host.sshd': sshd }) {
    return judgeScopes(sshd, ['maxstartups'], (scope) => {
      const value = scope.get('maxstartups');
      const match = /^(\d+)(?::(\d+):(\d+))?$/.exec(value ?? '');
      if (!match) return notTold(scope, 'MaxStartups');
      const start = Number(match[1]);
      const full = Number(match[3] ?? match[1]);
      const seen = `MaxStartups ${value}`;
      if (start <= 10 && full <= 100) return pass(`refuses from ${start}, all from ${full}`, { seen });
      return fail(scope.subject, `${start} connections may wait before any is refused`, {
        seen,
        wanted: 'MaxStartups 10:30:60 or less',
      });
    });
  },
  examples: [
    { name: 'limited', facts: { 'host.sshd': exampleHostSshd() }, status: 'pass' },
    { name: 'a hundred', facts: { 'host.sshd': exampleHostSshd({ maxstartups: '100' }) }, status: 'fail' },
    { name: 'the default', facts: { 'host.sshd': exampleHostSshd({ maxstartups: '10:30:100' }) }, status: 'pass' },
  ],
});
