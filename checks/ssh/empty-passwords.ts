import { judgeScopes, notTold } from '../../src/analysis/sshd-settings.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleHostSshd } from '../../src/core/facts/examples-ssh.ts';
import { fail, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'ssh.empty-passwords',
  title: 'Accounts without a password cannot log in over SSH',
  category: 'ssh',
  severity: 'critical',
  since: '0.1.0',
  rationale: 'An account whose password is empty is open to everybody who knows its name.',
  remediation: 'Set "PermitEmptyPasswords no" and reload sshd; give the account a password or lock it: passwd -l NAME.',
  references: ['https://man.openbsd.org/sshd_config#PermitEmptyPasswords'],
  needs: ['host.sshd'],
  evaluate({ 'host.sshd': sshd }) {
    return judgeScopes(sshd, ['permitemptypasswords', 'passwordauthentication'], (scope) => {
      const value = scope.get('permitemptypasswords');
      if (value === undefined) return notTold(scope, 'PermitEmptyPasswords');
      const seen = `PermitEmptyPasswords ${value}`;
      if (value === 'no') return pass('empty passwords are refused', { seen });
      // Without passwords at all the setting has no effect today, and is one edit away from having it.
      const dormant =
        scope.get('passwordauthentication') === 'no' && scope.get('kbdinteractiveauthentication') === 'no';
      const wanted = 'PermitEmptyPasswords no';
      return dormant
        ? fail(scope.subject, 'empty passwords would be accepted as soon as passwords are', {
            seen,
            wanted,
            severity: 'low',
          })
        : fail(scope.subject, 'empty passwords are accepted', { seen, wanted });
    });
  },
  examples: [
    { name: 'refused', facts: { 'host.sshd': exampleHostSshd() }, status: 'pass' },
    {
      name: 'accepted',
      facts: { 'host.sshd': exampleHostSshd({ permitemptypasswords: 'yes', passwordauthentication: 'yes' }) },
      status: 'fail',
      severity: 'critical',
    },
    {
      name: 'accepted, but no passwords are',
      facts: { 'host.sshd': exampleHostSshd({ permitemptypasswords: 'yes' }) },
      status: 'fail',
      severity: 'low',
    },
  ],
});
