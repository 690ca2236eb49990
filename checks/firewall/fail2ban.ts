import { bansReach } from '../../src/analysis/firewall/bans.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleFirewall, exampleRules } from '../../src/core/facts/examples-host.ts';
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
  wants: ['host.firewall'],
  evaluate({ 'host.fail2ban': fail2ban, 'host.firewall': firewall }) {
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
      if (firewall && jail.banned > 0 && bansReach(firewall, jail) === false)
        return [
          fail(jail.name, `the jail ${jail.name} has banned ${jail.banned} addresses, and no rule turns them away`, {
            seen: `no set or chain of the jail among the rules in force; its action is ${jail.actions.join(', ')}`,
            wanted: `a set or chain that ${jail.actions[0] ?? 'the action'} makes; fail2ban-client restart makes it again`,
          }),
        ];
      return [];
    });
    const reached = firewall && jails.some((jail) => jail.banned > 0 && bansReach(firewall, jail) === true);
    const banned = jails.reduce((sum, jail) => sum + jail.banned, 0);
    return outcomesOr(
      broken,
      pass(
        `${jails.map((jail) => jail.name).join(', ')} watched, ${banned} addresses banned now${reached ? ', and the rules know them' : ''}`,
      ),
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
    {
      name: 'the ban stands in the rules',
      facts: {
        'host.fail2ban': GOOD,
        'host.firewall': {
          ...exampleFirewall('DROP', exampleRules(22)),
          nft: [
            {
              set: {
                family: 'inet',
                table: 'f2b-table',
                name: 'addr-set-sshd',
                type: 'ipv4_addr',
                elem: ['192.0.2.7'],
              },
            },
          ],
        },
      },
      status: 'pass',
    },
    {
      name: 'somebody flushed the rules, and the bans with them',
      facts: { 'host.fail2ban': GOOD, 'host.firewall': exampleFirewall('DROP', exampleRules(22)) },
      status: 'fail',
      subjects: ['sshd'],
    },
    {
      name: 'the chain of iptables',
      facts: {
        'host.fail2ban': { ...GOOD, jails: [{ ...JAIL, actions: ['iptables-multiport'] }] },
        'host.firewall': exampleFirewall('DROP', [
          '-A INPUT -p tcp -m multiport --dports 22 -j f2b-sshd',
          ...exampleRules(22),
        ]),
      },
      status: 'pass',
    },
    { name: 'no action', facts: { 'host.fail2ban': { ...GOOD, jails: [{ ...JAIL, actions: [] }] } }, status: 'fail' },
  ],
});
