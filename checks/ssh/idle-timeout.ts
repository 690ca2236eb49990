import { judgeScopes, limitOf, notTold } from '../../src/analysis/sshd-settings.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleHostSshd } from '../../src/core/facts/examples-ssh.ts';
import { fail, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'ssh.idle-timeout',
  title: 'Sessions whose client is gone are closed',
  category: 'ssh',
  severity: 'low',
  since: '0.1.0',
  rationale: 'A session that lost its client stays open for ever, with the rights of whoever opened it.',
  remediation: 'Set "ClientAliveInterval 120" and "ClientAliveCountMax 3"; reload sshd.',
  references: ['https://man.openbsd.org/sshd_config#ClientAliveInterval', 'CIS Debian Linux 12 Benchmark'],
  needs: ['host.sshd'],
  evaluate({ 'host.sshd': sshd }) {
    return judgeScopes(sshd, ['clientaliveinterval', 'clientalivecountmax'], (scope) => {
      const interval = limitOf(scope.get('clientaliveinterval'));
      const count = scope.get('clientalivecountmax');
      if (interval === null || count === undefined) return notTold(scope, 'ClientAliveInterval');
      const seen = `ClientAliveInterval ${scope.get('clientaliveinterval')}, ClientAliveCountMax ${count}`;
      const wanted = 'ClientAliveInterval 1 to 300, ClientAliveCountMax 1 to 3';
      // sshd_config(5): a count of 0 disables the ending of connections.
      if (interval === Number.POSITIVE_INFINITY || count === '0') {
        return fail(scope.subject, 'a session without a client is never closed', { seen, wanted });
      }
      const seconds = interval * Number(count);
      if (seconds <= 900) return pass(`closed after ${seconds} s`, { seen });
      return fail(scope.subject, `a session without a client is closed only after ${seconds} s`, { seen, wanted });
    });
  },
  examples: [
    { name: 'six minutes', facts: { 'host.sshd': exampleHostSshd() }, status: 'pass' },
    { name: '0 is never', facts: { 'host.sshd': exampleHostSshd({ clientaliveinterval: '0' }) }, status: 'fail' },
    {
      name: 'a count of 0 is never',
      facts: { 'host.sshd': exampleHostSshd({ clientalivecountmax: '0' }) },
      status: 'fail',
    },
    { name: 'an hour', facts: { 'host.sshd': exampleHostSshd({ clientaliveinterval: '1200' }) }, status: 'fail' },
  ],
});
