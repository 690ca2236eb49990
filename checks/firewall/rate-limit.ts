import { z } from 'zod';
import { verdictAt } from '../../src/analysis/firewall/open-ports.ts';
import { readFirewall } from '../../src/analysis/firewall/reading.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleFirewall, exampleListen, exampleRules } from '../../src/core/facts/examples-host.ts';
import { fail, notApplicable, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'firewall.rate-limit',
  title: 'New SSH connections are limited per client',
  category: 'firewall',
  severity: 'low',
  since: '0.1.0',
  rationale:
    'Robots try passwords by the thousand; a limit makes that slow and keeps connection slots free for people.',
  remediation:
    'ufw limit OpenSSH, or in nftables: tcp dport 22 ct state new meter ssh { ip saddr limit rate over 6/minute } drop above the rule that accepts.',
  references: ['ufw(8), limit', 'https://wiki.nftables.org/wiki-nftables/index.php/Meters'],
  needs: ['host.firewall'],
  wants: ['host.listen', 'host.fail2ban'],
  options: z.strictObject({
    ports: z.array(z.number().int()).default([]).describe('ports to look at instead of those that sshd listens on'),
  }),
  evaluate({ 'host.firewall': firewall, 'host.listen': listen, 'host.fail2ban': fail2ban }, { options }) {
    const heard = (listen?.sockets ?? []).filter((one) => one.processes.includes('sshd')).map((one) => one.port);
    const ports = [...new Set(options.ports.length > 0 ? options.ports : heard.length > 0 ? heard : [22])];
    const { ruleset, maps } = readFirewall(firewall);
    const verdicts = ports.flatMap((port) =>
      [...maps.keys()].map((family) => ({ port, family, ...verdictAt(ruleset, firewall, family, port) })),
    );
    const vague = verdicts.find((one) => one.verdict === 'unknown' && !one.limited);
    const open = verdicts.filter((one) => one.verdict === 'accept');
    if (open.length === 0)
      return vague
        ? unknown('', `the rules could not be understood: ${vague.by}`)
        : notApplicable('strangers do not get through to SSH at all');
    const free = open.filter((one) => !one.limited);
    const jail = fail2ban?.running === true && fail2ban.jails.some((one) => one.name.startsWith('sshd'));
    if (jail) return pass('fail2ban watches SSH and bans clients that fail too often');
    return outcomesOr(
      free.map((one) =>
        fail(
          `tcp/${one.port} IPv${one.family}`,
          `new connections to port ${one.port} over IPv${one.family} are accepted without limit`,
          { seen: one.by, wanted: 'a limit per client address' },
        ),
      ),
      pass('new SSH connections are limited per client'),
    );
  },
  examples: [
    {
      name: 'ufw limit',
      facts: {
        'host.firewall': exampleFirewall('DROP', [
          ...exampleRules(),
          '-A INPUT -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -m recent --set --name DEFAULT --rsource',
          '-A INPUT -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -m recent --update --seconds 30 --hitcount 6 --name DEFAULT --rsource -j DROP',
          '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT',
        ]),
      },
      status: 'pass',
    },
    {
      name: 'accepted without limit',
      facts: { 'host.firewall': exampleFirewall('DROP', exampleRules(22)) },
      status: 'fail',
      subjects: ['tcp/22 IPv4', 'tcp/22 IPv6'],
    },
    {
      name: 'SSH is closed to strangers',
      facts: { 'host.firewall': exampleFirewall('DROP', exampleRules(443)) },
      status: 'not-applicable',
    },
    {
      name: 'on another port',
      facts: {
        'host.firewall': exampleFirewall('DROP', exampleRules(2222)),
        'host.listen': exampleListen('0.0.0.0:2222 sshd'),
      },
      status: 'fail',
    },
  ],
});
