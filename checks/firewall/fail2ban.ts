import { defineCheck } from '../../src/core/check.ts';
import type { HostFail2banFacts } from '../../src/core/facts/host-fail2ban.ts';
import { fail, outcomesOr, pass } from '../../src/core/outcome.ts';

const JAIL = {
  name: 'sshd',
  files: ['/var/log/auth.log'],
  journal: false,
  actions: ['nftables-multiport'],
  banned: 2,
  failed: 40,
};
const GOOD: HostFail2banFacts = { installed: true, running: true, jails: [JAIL] };

export default defineCheck({
  id: 'firewall.fail2ban',
  title: 'Clients that fail to log in too often are banned',
  category: 'firewall',
  severity: 'medium',
  since: '0.1.0',
  rationale: 'A jail that is enabled but reads no log, or bans without an action, protects nothing and says nothing.',
  remediation:
    'Install fail2ban and enable its sshd jail; on systems without /var/log/auth.log set backend = systemd in /etc/fail2ban/jail.local, then fail2ban-client reload.',
  references: ['https://github.com/fail2ban/fail2ban/wiki', 'jail.conf(5)'],
  needs: ['host.fail2ban'],
  evaluate({ 'host.fail2ban': fail2ban }) {
    if (!fail2ban.installed)
      return fail('', 'fail2ban is not installed', {
        severity: 'low',
        wanted: 'fail2ban, or another ban for clients that fail to log in',
      });
    if (!fail2ban.running)
      return fail('', 'fail2ban is installed and does not run', { seen: 'not running', wanted: 'running' });
    const jails = fail2ban.jails.filter((jail) => jail.name.startsWith('sshd') || jail.name.startsWith('ssh'));
    if (jails.length === 0)
      return fail('sshd', 'fail2ban runs without a jail for SSH', {
        seen: fail2ban.jails.map((jail) => jail.name).join(', ') || 'no jails',
        wanted: 'the jail sshd',
      });
    const broken = jails.flatMap((jail) => {
      if (jail.files.length === 0 && !jail.journal)
        return [
          fail(jail.name, `the jail ${jail.name} reads neither a log file nor the journal`, {
            wanted: 'logpath, or backend = systemd',
          }),
        ];
      if (jail.actions.length === 0)
        return [
          fail(jail.name, `the jail ${jail.name} has no action: a ban changes nothing`, {
            wanted: 'a banaction such as nftables-multiport',
          }),
        ];
      return [];
    });
    const banned = jails.reduce((sum, jail) => sum + jail.banned, 0);
    return outcomesOr(
      broken,
      pass(`${jails.map((jail) => jail.name).join(', ')} watched, ${banned} addresses banned now`),
    );
  },
  examples: [
    { name: 'the sshd jail reads a log and bans', facts: { 'host.fail2ban': GOOD }, status: 'pass' },
    {
      name: 'a jail that reads nothing',
      facts: { 'host.fail2ban': { ...GOOD, jails: [{ ...JAIL, files: [] }] } },
      status: 'fail',
      subjects: ['sshd'],
    },
    {
      name: 'not running',
      facts: { 'host.fail2ban': { installed: true, running: false, jails: [] } },
      status: 'fail',
      severity: 'medium',
    },
    {
      name: 'not installed',
      facts: { 'host.fail2ban': { installed: false, running: false, jails: [] } },
      status: 'fail',
      severity: 'low',
    },
    { name: 'no action', facts: { 'host.fail2ban': { ...GOOD, jails: [{ ...JAIL, actions: [] }] } }, status: 'fail' },
  ],
});
