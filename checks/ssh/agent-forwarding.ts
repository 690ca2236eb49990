import { judgeScopes, notTold } from '../../src/analysis/sshd-settings.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleHostSshd } from '../../src/core/facts/examples-ssh.ts';
import { fail, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'ssh.agent-forwarding',
  title: 'SSH agents are not forwarded',
  category: 'ssh',
  severity: 'low',
  since: '0.1.0',
  rationale: 'Root on this host can use the forwarded agent of everybody who logs in, and go where they may go.',
  remediation: 'Set "AllowAgentForwarding no" and use ProxyJump instead; reload sshd.',
  references: ['https://man.openbsd.org/sshd_config#AllowAgentForwarding'],
  needs: ['host.sshd'],
  evaluate({ 'host.sshd': sshd }) {
    return judgeScopes(sshd, ['allowagentforwarding', 'disableforwarding'], (scope) => {
      const value = scope.get('allowagentforwarding');
      if (value === undefined) return notTold(scope, 'AllowAgentForwarding');
      const seen = `AllowAgentForwarding ${value}`;
      if (scope.get('disableforwarding') === 'yes' || value === 'no')
        return pass('AllowAgentForwarding is off', { seen });
      return fail(scope.subject, 'AllowAgentForwarding is on', { seen, wanted: 'AllowAgentForwarding no' });
    });
  },
  examples: [
    { name: 'off', facts: { 'host.sshd': exampleHostSshd() }, status: 'pass' },
    { name: 'on', facts: { 'host.sshd': exampleHostSshd({ allowagentforwarding: 'yes' }) }, status: 'fail' },
    {
      name: 'a Match block turns it on',
      facts: { 'host.sshd': exampleHostSshd({}, { allowagentforwarding: 'yes' }) },
      status: 'fail',
      subjects: ['Match User backup'],
    },
    {
      name: 'all forwarding is disabled at once',
      facts: { 'host.sshd': exampleHostSshd({ allowagentforwarding: 'yes', disableforwarding: 'yes' }) },
      status: 'pass',
    },
  ],
});
