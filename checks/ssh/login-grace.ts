import { judgeScopes, limitOf, notTold } from '../../src/analysis/sshd-settings.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleHostSshd } from '../../src/core/facts/examples-ssh.ts';
import { fail, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'ssh.login-grace',
  title: 'A connection that does not log in is closed soon',
  category: 'ssh',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'Connections that wait for a log-in hold a process each; without a limit a few hundred of them lock everybody out, and a flaw before the log-in (CVE-2024-6387) has all the time it needs.',
  remediation: 'Set "LoginGraceTime 60" or less, but not 0, which means for ever; reload sshd.',
  references: [
    'https://man.openbsd.org/sshd_config#LoginGraceTime',
    'CIS Debian Linux 12 Benchmark',
    'https://nvd.nist.gov/vuln/detail/CVE-2024-6387',
  ],
  needs: ['host.sshd'],
  evaluate({ 'host.sshd': sshd }) {
    return judgeScopes(sshd, ['logingracetime'], (scope) => {
      const value = scope.get('logingracetime');
      const seconds = limitOf(value);
      if (seconds === null) return notTold(scope, 'LoginGraceTime');
      const seen = `LoginGraceTime ${value}`;
      const wanted = 'LoginGraceTime 60 or less, not 0';
      if (seconds <= 60) return pass(`closed after ${seconds} s`, { seen });
      if (seconds === Number.POSITIVE_INFINITY)
        return fail(scope.subject, 'a connection may wait for ever', { seen, wanted });
      return fail(scope.subject, `a connection may wait for ${seconds} s`, { seen, wanted, severity: 'low' });
    });
  },
  examples: [
    { name: 'half a minute', facts: { 'host.sshd': exampleHostSshd() }, status: 'pass' },
    {
      name: '0 is no limit at all',
      facts: { 'host.sshd': exampleHostSshd({ logingracetime: '0' }) },
      status: 'fail',
      severity: 'medium',
    },
    {
      name: 'the default of two minutes',
      facts: { 'host.sshd': exampleHostSshd({ logingracetime: '120' }) },
      status: 'fail',
      severity: 'low',
    },
  ],
});
