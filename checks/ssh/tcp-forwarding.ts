import { judgeScopes, notTold } from '../../src/analysis/sshd-settings.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleHostSshd } from '../../src/core/facts/examples-ssh.ts';
import { fail, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'ssh.tcp-forwarding',
  title: 'TCP connections are not forwarded',
  category: 'ssh',
  severity: 'low',
  since: '0.1.0',
  rationale: 'An account that may forward can reach what the firewall keeps from the outside.',
  remediation:
    'Set "AllowTcpForwarding no", and "yes" only in a Match block for those who need it; reload sshd. A bastion needs it: waive it there.',
  references: ['https://man.openbsd.org/sshd_config#AllowTcpForwarding'],
  needs: ['host.sshd'],
  evaluate({ 'host.sshd': sshd }) {
    return judgeScopes(sshd, ['allowtcpforwarding', 'disableforwarding'], (scope) => {
      const value = scope.get('allowtcpforwarding');
      if (value === undefined) return notTold(scope, 'AllowTcpForwarding');
      const seen = `AllowTcpForwarding ${value}`;
      if (scope.get('disableforwarding') === 'yes' || value === 'no')
        return pass('AllowTcpForwarding is off', { seen });
      return fail(scope.subject, 'AllowTcpForwarding is on', { seen, wanted: 'AllowTcpForwarding no' });
    });
  },
  examples: [
    { name: 'off', facts: { 'host.sshd': exampleHostSshd() }, status: 'pass' },
    { name: 'on', facts: { 'host.sshd': exampleHostSshd({ allowtcpforwarding: 'yes' }) }, status: 'fail' },
    {
      name: 'a Match block turns it on',
      facts: { 'host.sshd': exampleHostSshd({}, { allowtcpforwarding: 'yes' }) },
      status: 'fail',
      subjects: ['Match User backup'],
    },
    {
      name: 'all forwarding is disabled at once',
      facts: { 'host.sshd': exampleHostSshd({ allowtcpforwarding: 'yes', disableforwarding: 'yes' }) },
      status: 'pass',
    },
  ],
});
