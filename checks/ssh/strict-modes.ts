import { judgeScopes, notTold } from '../../src/analysis/sshd-settings.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleHostSshd } from '../../src/core/facts/examples-ssh.ts';
import { fail, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'ssh.strict-modes',
  title: 'Key files that others may write are refused',
  category: 'ssh',
  severity: 'medium',
  since: '0.1.0',
  rationale: 'Without StrictModes sshd accepts an authorized_keys file that anybody may have written to.',
  remediation: 'Set "StrictModes yes" and reload sshd.',
  references: ['https://man.openbsd.org/sshd_config#StrictModes'],
  needs: ['host.sshd'],
  evaluate({ 'host.sshd': sshd }) {
    return judgeScopes(sshd, ['strictmodes'], (scope) => {
      const value = scope.get('strictmodes');
      if (value === undefined) return notTold(scope, 'StrictModes');
      const seen = `StrictModes ${value}`;
      if (value === 'yes') return pass('modes and owners are checked', { seen });
      return fail(scope.subject, 'modes and owners of key files are not checked', { seen, wanted: 'StrictModes yes' });
    });
  },
  examples: [
    { name: 'on', facts: { 'host.sshd': exampleHostSshd() }, status: 'pass' },
    { name: 'off', facts: { 'host.sshd': exampleHostSshd({ strictmodes: 'no' }) }, status: 'fail' },
  ],
});
