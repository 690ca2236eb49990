import { inbound, type Knock, type Verdict } from '../../src/analysis/firewall/inbound.ts';
import { outsideAddresses, stranger } from '../../src/analysis/firewall/open-ports.ts';
import { readFirewall } from '../../src/analysis/firewall/reading.ts';
import { parseIp } from '../../src/analysis/ip-range.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleFirewall, exampleRules } from '../../src/core/facts/examples-host.ts';
import { fail, notApplicable, type Outcome, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

const FIX = {
  established:
    'ct state established,related accept as the first rule, or -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
  loopback: 'iif lo accept, or -A INPUT -i lo -j ACCEPT',
  invalid: 'ct state invalid drop above the rules that accept, or ct state new in them',
};

export default defineCheck({
  id: 'firewall.conntrack-loopback',
  title: 'Answers and loopback are let in, stray packets are not',
  category: 'firewall',
  severity: 'low',
  since: '0.1.0',
  rationale:
    'A firewall that turns away answers or loopback breaks updates, name resolution and local services; one that lets packets of no connection through lets scanners map what is behind it.',
  remediation: 'Begin the input chain with: ct state established,related accept; ct state invalid drop; iif lo accept.',
  references: [
    'https://wiki.nftables.org/wiki-nftables/index.php/Simple_ruleset_for_a_server',
    'CIS Debian Linux 12 Benchmark',
  ],
  needs: ['host.firewall'],
  evaluate({ 'host.firewall': firewall }) {
    const { ruleset, maps } = readFirewall(firewall);
    const denies = [...maps.values()].flat().some((one) => one.verdict === 'drop' || one.verdict === 'reject');
    const vague = [...maps.values()].flat().find((one) => one.verdict === 'unknown');
    if (!denies && vague) return unknown('', `the rules could not be understood: ${vague.by}`);
    if (!denies) return notApplicable('no rules turn anybody away; firewall.active says so');
    const outcomes: Outcome[] = [];
    for (const [family, map] of maps) {
      const source = stranger(ruleset.mentions.sources, family);
      const at = outsideAddresses(firewall, family)[0] ?? null;
      const ask = (knock: Partial<Knock>): Verdict =>
        inbound(ruleset, firewall, { family, port: 49_152, source, at, ...knock });
      const judge = (what: keyof typeof FIX, verdict: Verdict, wanted: boolean, message: string) => {
        const subject = `${what} IPv${family}`;
        if (verdict.verdict === 'unknown')
          outcomes.push(unknown(subject, `the rules could not be understood: ${verdict.by}`));
        else if ((verdict.verdict === 'accept') !== wanted)
          outcomes.push(fail(subject, message, { seen: `${verdict.verdict} by ${verdict.by}`, wanted: FIX[what] }));
      };
      judge(
        'established',
        ask({ state: 'established' }),
        true,
        `answers to the host's own connections are turned away over IPv${family}`,
      );
      const own = family === 4 ? '127.0.0.1' : '::1';
      const loopback = { source: parseIp(own)?.value ?? 1n, at: { device: 'lo', address: own } };
      judge('loopback', ask(loopback), true, `programs of the host cannot reach each other over IPv${family} loopback`);
      const open = map.find((one) => one.verdict === 'accept' && one.dnat === null);
      if (open)
        judge(
          'invalid',
          ask({ state: 'invalid', port: open.from }),
          false,
          `packets that belong to no connection are accepted at port ${open.from} over IPv${family}`,
        );
    }
    return outcomesOr(outcomes, pass('answers and loopback are let in, packets of no connection are turned away'));
  },
  examples: [
    {
      name: 'the usual three rules',
      facts: { 'host.firewall': exampleFirewall('DROP', exampleRules(22)) },
      status: 'pass',
    },
    {
      name: 'a policy of drop without them',
      facts: { 'host.firewall': exampleFirewall('DROP', ['-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT']) },
      status: 'fail',
      subjects: [
        'established IPv4',
        'loopback IPv4',
        'invalid IPv4',
        'established IPv6',
        'loopback IPv6',
        'invalid IPv6',
      ],
    },
    {
      name: 'only new connections are accepted, so nothing stray passes',
      facts: {
        'host.firewall': exampleFirewall('DROP', [
          '-A INPUT -i lo -j ACCEPT',
          '-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT',
          '-A INPUT -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -j ACCEPT',
        ]),
      },
      status: 'pass',
    },
    {
      name: 'a match that nobody understands',
      facts: { 'host.firewall': exampleFirewall('DROP', ['-A INPUT -m bpf --bytecode "1,6 0 0 0" -j ACCEPT']) },
      status: 'unknown',
    },
    { name: 'no rules', facts: { 'host.firewall': exampleFirewall(null) }, status: 'not-applicable' },
  ],
});
