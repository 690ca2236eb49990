import { z } from 'zod';
import { forwarded } from '../../src/analysis/firewall/inbound.ts';
import { outsideAddresses, stranger } from '../../src/analysis/firewall/open-ports.ts';
import { readFirewall } from '../../src/analysis/firewall/reading.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleFirewall, exampleRules } from '../../src/core/facts/examples-host.ts';
import { fail, notApplicable, type Outcome, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'firewall.forwarding',
  title: 'The host forwards nothing for strangers',
  category: 'firewall',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'A host that forwards without rules is a bridge for its neighbours into container networks, VPNs and whatever else it is connected to.',
  remediation:
    'Turn it off (net.ipv4.ip_forward = 0) where nothing needs it, else deny by default: iptables -P FORWARD DROP, or policy drop in the forward chain of nftables.',
  references: ['CIS Debian Linux 12 Benchmark', 'https://docs.docker.com/engine/network/packet-filtering-firewalls/'],
  needs: ['host.firewall'],
  options: z.strictObject({
    router: z.boolean().default(false).describe('the host is meant to route between networks'),
  }),
  evaluate({ 'host.firewall': firewall }, { options }) {
    if (options.router) return notApplicable('the host is declared a router');
    const { ruleset } = readFirewall(firewall);
    const outcomes: Outcome[] = [];
    const off: number[] = [];
    for (const family of [4, 6] as const) {
      const on = family === 4 ? firewall.forwarding.ipv4 : firewall.forwarding.ipv6;
      const [at] = outsideAddresses(firewall, family);
      if (on === false || (at === undefined && on !== null)) {
        off.push(family);
        continue;
      }
      if (on === null) {
        outcomes.push(unknown(`IPv${family}`, `whether the kernel forwards IPv${family} could not be told`));
        continue;
      }
      const source = stranger(ruleset.mentions.sources, family);
      const devices = [
        ...new Set(
          firewall.addresses.filter((one) => one.family === family && one.device !== 'lo').map((one) => one.device),
        ),
      ];
      for (const device of devices) {
        const verdict = forwarded(
          ruleset,
          firewall,
          { family, port: 31_337, source, at: at ?? null },
          source + 1n,
          device,
        );
        const subject = `IPv${family} ${at?.device ?? 'any'} to ${device}`;
        if (verdict.verdict === 'unknown')
          outcomes.push(unknown(subject, `the rules could not be understood: ${verdict.by}`));
        if (verdict.verdict === 'accept')
          outcomes.push(
            fail(
              subject,
              `packets of strangers are forwarded from ${at?.device ?? 'any device'} to ${device} over IPv${family}`,
              { seen: `accepted by ${verdict.by}`, wanted: 'a forward policy of drop' },
            ),
          );
      }
    }
    return outcomesOr(
      outcomes,
      pass(
        off.length === 2 ? 'the kernel forwards nothing' : 'the kernel forwards, and the rules let no stranger through',
      ),
    );
  },
  examples: [
    {
      name: 'forwarding is off',
      facts: { 'host.firewall': exampleFirewall('DROP', exampleRules(22)) },
      status: 'pass',
    },
    {
      name: 'on, without rules',
      facts: { 'host.firewall': exampleFirewall(null, [], { forwarding: { ipv4: true, ipv6: false } }) },
      status: 'fail',
      subjects: ['IPv4 eth0 to eth0'],
    },
    {
      name: 'on, and denied by default',
      facts: { 'host.firewall': exampleFirewall('DROP', exampleRules(22), { forwarding: { ipv4: true, ipv6: true } }) },
      status: 'pass',
    },
    {
      name: 'a declared router',
      facts: { 'host.firewall': exampleFirewall(null, [], { forwarding: { ipv4: true, ipv6: true } }) },
      options: { router: true },
      status: 'not-applicable',
    },
  ],
});
