import { type PortRange, verdictAt } from '../../src/analysis/firewall/open-ports.ts';
import { readFirewall } from '../../src/analysis/firewall/reading.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleFirewall, exampleListen, exampleRules } from '../../src/core/facts/examples-host.ts';
import { fail, notApplicable, type Outcome, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

/** Ports of `six` that are accepted where IPv4 turns them away, as ranges cut at the borders of both maps. */
function wider(four: readonly PortRange[], six: readonly PortRange[]): { from: number; to: number; by: string }[] {
  const found: { from: number; to: number; by: string }[] = [];
  for (const open of six.filter((range) => range.verdict === 'accept')) {
    for (const denied of four.filter((range) => range.verdict === 'drop' || range.verdict === 'reject')) {
      const [from, to] = [Math.max(open.from, denied.from), Math.min(open.to, denied.to)];
      if (from > to) continue;
      const last = found.at(-1);
      if (last && last.to === from - 1 && last.by === open.by) last.to = to;
      else found.push({ from, to, by: open.by });
    }
  }
  return found;
}

export default defineCheck({
  id: 'firewall.ipv6-parity',
  title: 'IPv6 is no more open than IPv4',
  category: 'firewall',
  severity: 'high',
  since: '0.1.0',
  rationale:
    'iptables rules say nothing about IPv6: a port that is filtered over IPv4 is often open to anybody over IPv6, and scanners know.',
  remediation:
    'Give IPv6 the same rules: an inet table in nftables, IPV6=yes in /etc/default/ufw followed by ufw reload, or the same rules with ip6tables.',
  references: ['RFC 4890', 'CIS Debian Linux 12 Benchmark'],
  needs: ['host.firewall'],
  wants: ['host.listen'],
  evaluate({ 'host.firewall': firewall, 'host.listen': listen }) {
    const { ruleset, maps } = readFirewall(firewall);
    const [four, six] = [maps.get(4), maps.get(6)];
    if (!six) return notApplicable('the host has no IPv6 address that others reach');
    if (!four) return notApplicable('the host has no IPv4 address to compare with');
    const vague = [...six, ...four].find((range) => range.verdict === 'unknown');
    const neighboursOnly = firewall.addresses.every(
      (one) => one.family === 4 || one.device === 'lo' || /^fe80:/i.test(one.address),
    );
    const outcomes = wider(four, six).map((range): Outcome => {
      const ports = range.from === range.to ? `${range.from}` : `${range.from}-${range.to}`;
      const behind = (listen?.sockets ?? []).filter(
        (one) =>
          one.protocol === 'tcp' &&
          one.families.includes(6) &&
          one.port >= range.from &&
          one.port <= range.to &&
          !/^::1$/.test(one.address),
      );
      const who = behind
        .slice(0, 5)
        .map((one) => `${one.port} ${one.processes[0] ?? ''}`.trim())
        .join(', ');
      return fail(
        `tcp/${ports}`,
        `TCP port${range.from === range.to ? '' : 's'} ${ports} ${range.from === range.to ? 'is' : 'are'} filtered over IPv4 and open over IPv6${who ? `; listening there: ${who}` : ''}`,
        {
          severity: neighboursOnly ? 'low' : 'high',
          seen: `IPv6 accepted by ${range.by}`,
          wanted: `as over IPv4: ${verdictAt(ruleset, firewall, 4, range.from).by}`,
        },
      );
    });
    if (outcomes.length === 0 && vague) return unknown('', `the rules could not be understood: ${vague.by}`);
    return outcomesOr(outcomes, pass('no TCP port is open over IPv6 that IPv4 turns away'));
  },
  examples: [
    {
      name: 'the same rules',
      facts: { 'host.firewall': exampleFirewall('DROP', exampleRules(22, 443)) },
      status: 'pass',
    },
    {
      name: 'rules for IPv4 alone',
      facts: {
        'host.firewall': exampleFirewall('DROP', exampleRules(22), { ipv6: { policy: 'ACCEPT', rules: [] } }),
        'host.listen': exampleListen('*:9090 prometheus'),
      },
      status: 'fail',
      subjects: ['tcp/1-21', 'tcp/23-65535'],
    },
    {
      name: 'stricter over IPv6',
      facts: {
        'host.firewall': exampleFirewall('DROP', exampleRules(22, 80), {
          ipv6: { policy: 'DROP', rules: exampleRules(22) },
        }),
      },
      status: 'pass',
    },
    {
      name: 'no IPv6 address',
      facts: {
        'host.firewall': exampleFirewall('DROP', exampleRules(22), {
          addresses: [{ device: 'eth0', family: 4, address: '203.0.113.5', prefix: 24 }],
        }),
      },
      status: 'not-applicable',
    },
  ],
});
