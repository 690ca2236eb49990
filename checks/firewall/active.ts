import { countPorts } from '../../src/analysis/firewall/open-ports.ts';
import { readFirewall } from '../../src/analysis/firewall/reading.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleFirewall, exampleRules } from '../../src/core/facts/examples-host.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'firewall.active',
  title: 'A packet filter guards the host',
  category: 'firewall',
  severity: 'critical',
  since: '0.1.0',
  rationale:
    'Without one, every service that starts to listen is at once reachable by everybody: a database for debugging, a container port, a forgotten test.',
  remediation:
    'Allow your log-in first, then turn it on: ufw allow OpenSSH && ufw default deny incoming && ufw enable.',
  references: [
    'CIS Debian Linux 12 Benchmark',
    'https://wiki.nftables.org/wiki-nftables/index.php/Simple_ruleset_for_a_server',
  ],
  needs: ['host.firewall'],
  evaluate({ 'host.firewall': firewall }) {
    const { ruleset, maps } = readFirewall(firewall);
    const all = [...maps.values()].flat();
    const denied = countPorts(all, 'drop', 'reject');
    const open = countPorts(all, 'accept');
    if (denied > 0)
      return pass(
        `rules turn away new connections to ${denied} of ${denied + open + countPorts(all, 'unknown')} TCP ports`,
      );
    const first = all.find((range) => range.verdict === 'unknown');
    if (first) return unknown('', `the rules could not be understood: ${first.by}`);
    const bases = [...ruleset.chains.values()].filter((chain) => chain.base && chain.rules.length > 0).length;
    const off = firewall.ufw?.enabled === false ? '; ufw is installed and not enabled' : '';
    return fail(
      '',
      bases === 0 ? `no packet filter is active${off}` : `rules are loaded, but none turns away a stranger${off}`,
      {
        seen: bases === 0 ? 'no rules' : `${bases} chains with rules, all 65535 TCP ports accepted`,
        wanted: 'a policy or last rule that drops what nothing allowed',
      },
    );
  },
  examples: [
    {
      name: 'rules and a policy that drops',
      facts: { 'host.firewall': exampleFirewall('DROP', exampleRules(22, 443)) },
      status: 'pass',
    },
    { name: 'no rule at all', facts: { 'host.firewall': exampleFirewall(null) }, status: 'fail' },
    {
      name: 'rules that only allow what was allowed anyway',
      facts: { 'host.firewall': exampleFirewall('ACCEPT', exampleRules(22)) },
      status: 'fail',
    },
    {
      name: 'rules that could not be read',
      facts: { 'host.firewall': exampleFirewall(null, [], { unread: [{ source: 'nft', reason: 'exit code 1' }] }) },
      status: 'unknown',
    },
  ],
});
