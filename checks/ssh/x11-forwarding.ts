import { judgeScopes, notTold } from '../../src/analysis/sshd-settings.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleHostSshd } from '../../src/core/facts/examples-ssh.ts';
import { fail, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'ssh.x11-forwarding',
  title: 'X11 is not forwarded',
  category: 'ssh',
  severity: 'low',
  since: '0.1.0',
  rationale: 'A forwarded display lets the server read keys and screen of whoever logs in; servers have no use for it.',
  remediation: 'Set "X11Forwarding no" and reload sshd.',
  references: ['https://man.openbsd.org/sshd_config#X11Forwarding'],
  needs: ['host.sshd'],
  evaluate({ 'host.sshd': sshd }) {
    return judgeScopes(sshd, ['x11forwarding', 'disableforwarding'], (scope) => {
      const value = scope.get('x11forwarding');
      if (value === undefined) return notTold(scope, 'X11Forwarding');
      const seen = `X11Forwarding ${value}`;
      if (scope.get('disableforwarding') === 'yes' || value === 'no') return pass('X11Forwarding is off', { seen });
      return fail(scope.subject, 'X11Forwarding is on', { seen, wanted: 'X11Forwarding no' });
    });
  },
  examples: [
    { name: 'off', facts: { 'host.sshd': exampleHostSshd() }, status: 'pass' },
    { name: 'on', facts: { 'host.sshd': exampleHostSshd({ x11forwarding: 'yes' }) }, status: 'fail' },
    {
      name: 'a Match block turns it on',
      facts: { 'host.sshd': exampleHostSshd({}, { x11forwarding: 'yes' }) },
      status: 'fail',
      subjects: ['Match User backup'],
    },
    {
      name: 'all forwarding is disabled at once',
      facts: { 'host.sshd': exampleHostSshd({ x11forwarding: 'yes', disableforwarding: 'yes' }) },
      status: 'pass',
    },
  ],
});
