import { countPorts, listPorts, type PortRange } from '../../src/analysis/firewall/open-ports.ts';
import { readFirewall } from '../../src/analysis/firewall/reading.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleFirewall, exampleRules } from '../../src/core/facts/examples-host.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

/** Whether ports that no rule names are turned away: the widest range tells. */
function fallback(map: readonly PortRange[]): PortRange | undefined {
  return [...map].sort((a, b) => b.to - b.from - (a.to - a.from))[0];
}

export default defineCheck({
  id: 'firewall.default-deny',
  title: 'What no rule allows is turned away',
  category: 'firewall',
  severity: 'high',
  since: '0.1.0',
  rationale: 'A list of what is forbidden forgets what starts to listen tomorrow; a list of what is allowed does not.',
  remediation:
    'End the input chain with a drop: ufw default deny incoming; or in nftables: chain input { type filter hook input priority 0; policy drop; ... }. Keep a rule for your own log-in above it.',
  references: ['CIS Debian Linux 12 Benchmark', 'NIST SP 800-41 Rev. 1, section 4.1'],
  needs: ['host.firewall'],
  evaluate({ 'host.firewall': firewall }) {
    const map = readFirewall(firewall).maps.get(4);
    if (!map) return pass('the host has no IPv4 address that strangers reach; firewall.ipv6-parity judges IPv6');
    const widest = fallback(map);
    if (!widest || widest.verdict === 'unknown')
      return unknown('', `the rules could not be understood: ${widest?.by ?? 'there are none'}`);
    const open = listPorts(map, 'accept');
    if (widest.verdict === 'accept') {
      return fail('', `new connections that no rule names are accepted (${widest.by})`, {
        seen: `accepted from anywhere over IPv4: ${open}`,
        wanted: 'policy drop, with rules for what is meant to be reached',
        details: { open: countPorts(map, 'accept'), turnedAway: countPorts(map, 'drop', 'reject') },
      });
    }
    return pass(`what no rule allows meets ${widest.by}; accepted from anywhere over IPv4: ${open || 'nothing'}`, {
      details: { open: countPorts(map, 'accept'), turnedAway: countPorts(map, 'drop', 'reject') },
    });
  },
  examples: [
    { name: 'policy drop', facts: { 'host.firewall': exampleFirewall('DROP', exampleRules(22, 443)) }, status: 'pass' },
    {
      name: 'a list of what is forbidden',
      facts: {
        'host.firewall': exampleFirewall('ACCEPT', ['-A INPUT -p tcp -m multiport --dports 3306,5432 -j DROP']),
      },
      status: 'fail',
    },
    {
      name: 'policy accept with a last rule that rejects the rest',
      facts: {
        'host.firewall': exampleFirewall('ACCEPT', [
          ...exampleRules(22),
          '-A INPUT -j REJECT --reject-with icmp-port-unreachable',
        ]),
      },
      status: 'pass',
    },
    {
      name: 'policy drop that an early rule makes void',
      facts: { 'host.firewall': exampleFirewall('DROP', ['-A INPUT -i eth0 -j ACCEPT']) },
      status: 'fail',
    },
    {
      name: 'a match that is not understood before everything else',
      facts: { 'host.firewall': exampleFirewall('DROP', ['-A INPUT -m bpf --bytecode "1,6 0 0 0" -j ACCEPT']) },
      status: 'unknown',
    },
  ],
});
