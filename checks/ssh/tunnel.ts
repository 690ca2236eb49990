import { judgeScopes, notTold } from '../../src/analysis/sshd-settings.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleHostSshd } from '../../src/core/facts/examples-ssh.ts';
import { fail, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'ssh.tunnel',
  title: 'Network tunnels over SSH are off',
  category: 'ssh',
  severity: 'low',
  since: '0.1.0',
  rationale: 'A tun device joins networks past every firewall between them.',
  remediation: 'Set "PermitTunnel no" and reload sshd.',
  references: ['https://man.openbsd.org/sshd_config#PermitTunnel'],
  needs: ['host.sshd'],
  evaluate({ 'host.sshd': sshd }) {
    return judgeScopes(sshd, ['permittunnel'], (scope) => {
      const value = scope.get('permittunnel');
      if (value === undefined) return notTold(scope, 'PermitTunnel');
      const seen = `PermitTunnel ${value}`;
      if (value === 'no') return pass('PermitTunnel is off', { seen });
      return fail(scope.subject, 'PermitTunnel is on', { seen, wanted: 'PermitTunnel no' });
    });
  },
  examples: [
    { name: 'off', facts: { 'host.sshd': exampleHostSshd() }, status: 'pass' },
    { name: 'on', facts: { 'host.sshd': exampleHostSshd({ permittunnel: 'yes' }) }, status: 'fail' },
    {
      name: 'a Match block turns it on',
      facts: { 'host.sshd': exampleHostSshd({}, { permittunnel: 'yes' }) },
      status: 'fail',
      subjects: ['Match User backup'],
    },
  ],
});
