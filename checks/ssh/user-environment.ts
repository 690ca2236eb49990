import { judgeScopes, notTold } from '../../src/analysis/sshd-settings.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleHostSshd } from '../../src/core/facts/examples-ssh.ts';
import { fail, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'ssh.user-environment',
  title: 'Users cannot set the environment of their log-in',
  category: 'ssh',
  severity: 'medium',
  since: '0.1.0',
  rationale: 'With it a restricted account sets LD_PRELOAD or PATH and leaves its restriction.',
  remediation: 'Set "PermitUserEnvironment no" and reload sshd.',
  references: ['https://man.openbsd.org/sshd_config#PermitUserEnvironment'],
  needs: ['host.sshd'],
  evaluate({ 'host.sshd': sshd }) {
    return judgeScopes(sshd, ['permituserenvironment'], (scope) => {
      const value = scope.get('permituserenvironment');
      if (value === undefined) return notTold(scope, 'PermitUserEnvironment');
      const seen = `PermitUserEnvironment ${value}`;
      if (value === 'no') return pass('PermitUserEnvironment is off', { seen });
      return fail(scope.subject, 'PermitUserEnvironment is on', { seen, wanted: 'PermitUserEnvironment no' });
    });
  },
  examples: [
    { name: 'off', facts: { 'host.sshd': exampleHostSshd() }, status: 'pass' },
    { name: 'on', facts: { 'host.sshd': exampleHostSshd({ permituserenvironment: 'yes' }) }, status: 'fail' },
    {
      name: 'a Match block turns it on',
      facts: { 'host.sshd': exampleHostSshd({}, { permituserenvironment: 'yes' }) },
      status: 'fail',
      subjects: ['Match User backup'],
    },
  ],
});
