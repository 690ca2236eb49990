import { judgeScopes, notTold } from '../../src/analysis/sshd-settings.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleHostSshd } from '../../src/core/facts/examples-ssh.ts';
import { fail, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'ssh.host-based-auth',
  title: 'Other hosts are not trusted to vouch for users',
  category: 'ssh',
  severity: 'high',
  since: '0.1.0',
  rationale: 'Whoever takes one of the trusted hosts is logged in here as anybody.',
  remediation: 'Set "HostbasedAuthentication no" and "IgnoreRhosts yes"; reload sshd.',
  references: ['https://man.openbsd.org/sshd_config#HostbasedAuthentication'],
  needs: ['host.sshd'],
  evaluate({ 'host.sshd': sshd }) {
    return judgeScopes(sshd, ['hostbasedauthentication'], (scope) => {
      const value = scope.get('hostbasedauthentication');
      if (value === undefined) return notTold(scope, 'HostbasedAuthentication');
      const seen = `HostbasedAuthentication ${value}`;
      if (value === 'no') return pass('HostbasedAuthentication is off', { seen });
      return fail(scope.subject, 'HostbasedAuthentication is on', { seen, wanted: 'HostbasedAuthentication no' });
    });
  },
  examples: [
    { name: 'off', facts: { 'host.sshd': exampleHostSshd() }, status: 'pass' },
    { name: 'on', facts: { 'host.sshd': exampleHostSshd({ hostbasedauthentication: 'yes' }) }, status: 'fail' },
    {
      name: 'a Match block turns it on',
      facts: { 'host.sshd': exampleHostSshd({}, { hostbasedauthentication: 'yes' }) },
      status: 'fail',
      subjects: ['Match User backup'],
    },
  ],
});
