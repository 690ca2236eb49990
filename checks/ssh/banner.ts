import { judgeScopes, notTold } from '../../src/analysis/sshd-settings.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleHostSshd } from '../../src/core/facts/examples-ssh.ts';
import { fail, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'ssh.banner',
  title: 'A legal notice is shown before the log-in',
  category: 'ssh',
  severity: 'info',
  since: '0.1.0',
  rationale: 'Some regimes ask for a notice before access. It adds no security, so it is reported and never scored.',
  remediation: 'Set "Banner /etc/issue.net", with a text that names neither system nor version.',
  references: ['https://man.openbsd.org/sshd_config#Banner', 'CIS Debian Linux 12 Benchmark'],
  needs: ['host.sshd'],
  evaluate({ 'host.sshd': sshd }) {
    return judgeScopes(sshd, ['banner'], (scope) => {
      const value = scope.get('banner');
      if (value === undefined) return notTold(scope, 'Banner');
      const seen = `Banner ${value}`;
      if (value !== 'none') return pass('a notice is shown', { seen });
      return fail(scope.subject, 'no notice is shown', { seen, wanted: 'Banner /etc/issue.net' });
    });
  },
  examples: [
    { name: 'a notice', facts: { 'host.sshd': exampleHostSshd({ banner: '/etc/issue.net' }) }, status: 'pass' },
    { name: 'none', facts: { 'host.sshd': exampleHostSshd() }, status: 'fail' },
  ],
});
