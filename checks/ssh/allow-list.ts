import { judgeScopes } from '../../src/analysis/sshd-settings.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleHostSshd } from '../../src/core/facts/examples-ssh.ts';
import { fail, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'ssh.allow-list',
  title: 'Who may log in over SSH is listed',
  category: 'ssh',
  severity: 'low',
  since: '0.1.0',
  rationale:
    'Without a list every account of the machine may log in, also those that packages make or a colleague forgets.',
  remediation: 'Set "AllowGroups ssh-users" (or AllowUsers) and reload sshd; make sure that your own account is in it.',
  references: ['https://man.openbsd.org/sshd_config#AllowGroups', 'CIS Debian Linux 12 Benchmark'],
  needs: ['host.sshd'],
  evaluate({ 'host.sshd': sshd }) {
    return judgeScopes(sshd, ['allowusers', 'allowgroups'], (scope) => {
      const lists = [...scope.all('allowusers'), ...scope.all('allowgroups')].filter((entry) => entry !== '');
      const open = lists.some((entry) => entry === '*');
      if (lists.length > 0 && !open)
        return pass('only listed accounts may log in', { seen: lists.join(' ').slice(0, 200) });
      return fail(scope.subject, open ? 'the list allows everybody' : 'every account may log in', {
        seen: open ? '*' : 'neither AllowUsers nor AllowGroups',
        wanted: 'AllowUsers or AllowGroups',
      });
    });
  },
  examples: [
    { name: 'two accounts', facts: { 'host.sshd': exampleHostSshd() }, status: 'pass' },
    { name: 'everybody', facts: { 'host.sshd': exampleHostSshd({ allowusers: [] }) }, status: 'fail' },
    {
      name: 'a group',
      facts: { 'host.sshd': exampleHostSshd({ allowusers: [], allowgroups: 'ssh-users' }) },
      status: 'pass',
    },
    { name: 'everybody by a star', facts: { 'host.sshd': exampleHostSshd({ allowusers: '*' }) }, status: 'fail' },
  ],
});
