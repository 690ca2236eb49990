import { type Exposure, joinExposure } from '../../src/analysis/exposure.ts';
import { audienceOf } from '../../src/analysis/exposure-rules.ts';
import type { PortRange } from '../../src/analysis/firewall/open-ports.ts';
import { readFirewall } from '../../src/analysis/firewall/reading.ts';
import { formatIp, parseIp } from '../../src/analysis/ip-range.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleFirewall, exampleRules } from '../../src/core/facts/examples-host.ts';
import type { HostFirewallFacts } from '../../src/core/facts/host-firewall.ts';
import { fail, type Outcome, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';
import type { DeclaredExposure } from '../../src/core/target.ts';

/** The rules of a Docker host with ufw that lets in port 22 and a container whose port 5432 is published. */
function docker(publish: string, forward: readonly string[] = []): HostFirewallFacts {
  const plain = exampleFirewall('DROP', exampleRules(22));
  const [four, ...rest] = plain.saved;
  const nat = [
    '*nat',
    ':PREROUTING ACCEPT [0:0]',
    ':DOCKER - [0:0]',
    '-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER',
    publish,
    'COMMIT',
  ];
  const filter = (four?.lines ?? []).map((line) =>
    line === 'COMMIT'
      ? [
          ...forward,
          '-A FORWARD -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 5432 -j ACCEPT',
          'COMMIT',
        ]
      : [line],
  );
  return {
    ...plain,
    saved: four ? [{ ...four, lines: [...filter.flat(), ...nat] }, ...rest] : rest,
    addresses: [...plain.addresses, { device: 'docker0', family: 4, address: '172.17.0.1', prefix: 16 }],
    forwarding: { ipv4: true, ipv6: false },
  };
}

/** Of a single port the exposure table tells; a range has to be declared for everybody as a whole. */
function isIntended(
  rows: readonly Exposure[],
  declared: DeclaredExposure | null,
  family: 4 | 6,
  { from, to }: PortRange,
): boolean {
  if (from === to) {
    const row = rows.find((one) => one.protocol === 'tcp' && one.family === family && one.port === from);
    if (row && row.kind !== 'unknown') return row.kind === 'intended';
  }
  if (!declared || !audienceOf(declared).everybody) return false;
  const within = new Set(declared.allow.filter((port) => port >= from && port <= to));
  return within.size === to - from + 1;
}

export default defineCheck({
  id: 'firewall.docker-bypass',
  title: 'No published container port passes the firewall unseen',
  category: 'firewall',
  severity: 'high',
  since: '0.1.0',
  rationale:
    'Docker publishes ports by translating addresses before the rules for the host are asked: ufw says "deny incoming", ss shows nothing, and the port is open.',
  remediation:
    'Publish on loopback (-p 127.0.0.1:5432:5432) and put a proxy in front, or filter in the DOCKER-USER chain: iptables -I DOCKER-USER -i eth0 ! -s 10.0.0.0/8 -j DROP.',
  references: [
    'https://docs.docker.com/engine/network/packet-filtering-firewalls/',
    'https://github.com/moby/moby/issues/22054',
  ],
  needs: ['host.firewall'],
  evaluate({ 'host.firewall': firewall }, { target }) {
    const declared = target.kind === 'host' ? target.firewall : null;
    const rows = joinExposure({ firewall, declared });
    const own = new Set(firewall.addresses.map((one) => parseIp(one.address)?.value));
    const outcomes: Outcome[] = [];
    let translated = 0;
    for (const [family, map] of readFirewall(firewall).maps) {
      for (const range of map) {
        if (!range.dnat || range.dnat.address === null || own.has(range.dnat.address)) continue;
        translated += 1;
        const to = `${formatIp(family, range.dnat.address)} port ${range.dnat.port}`;
        const ports = range.from === range.to ? `${range.from}` : `${range.from}-${range.to}`;
        if (isIntended(rows, declared, family, range)) continue;
        if (range.verdict === 'unknown')
          outcomes.push(
            unknown(`tcp/${ports} IPv${family}`, `whether strangers reach ${to} could not be told: ${range.by}`),
          );
        if (range.verdict === 'accept') {
          outcomes.push(
            fail(
              `tcp/${ports} IPv${family}`,
              `TCP port ${ports} leads strangers to ${to}, past the rules for this host${declared?.allow.includes(range.from) ? `; it is declared for ${[declared.from].flat().join(', ')}` : ''}`,
              {
                seen: `translated and forwarded by ${range.by}`,
                wanted: 'published on 127.0.0.1, or filtered in DOCKER-USER',
                details: { protocol: 'tcp', port: range.from, family, to },
              },
            ),
          );
        }
      }
    }
    return outcomesOr(
      outcomes,
      pass(
        translated === 0
          ? 'no port is translated to another address'
          : `${translated} translated ports are turned away or declared`,
      ),
    );
  },
  examples: [
    { name: 'no translation', facts: { 'host.firewall': exampleFirewall('DROP', exampleRules(22)) }, status: 'pass' },
    {
      name: 'a container port published on all addresses, ufw or not',
      facts: {
        'host.firewall': docker(
          '-A DOCKER ! -i docker0 -p tcp -m tcp --dport 5432 -j DNAT --to-destination 172.17.0.2:5432',
        ),
      },
      status: 'fail',
      subjects: ['tcp/5432 IPv4'],
    },
    {
      name: 'published on loopback',
      facts: {
        'host.firewall': docker(
          '-A DOCKER -d 127.0.0.1/32 ! -i docker0 -p tcp -m tcp --dport 5432 -j DNAT --to-destination 172.17.0.2:5432',
        ),
      },
      status: 'pass',
    },
    {
      name: 'kept out by the forward rules',
      facts: {
        'host.firewall': docker(
          '-A DOCKER ! -i docker0 -p tcp -m tcp --dport 5432 -j DNAT --to-destination 172.17.0.2:5432',
          ['-A FORWARD -i eth0 ! -s 10.0.0.0/8 -j DROP'],
        ),
      },
      status: 'pass',
    },
    {
      name: 'declared',
      facts: {
        'host.firewall': docker(
          '-A DOCKER ! -i docker0 -p tcp -m tcp --dport 5432 -j DNAT --to-destination 172.17.0.2:5432',
        ),
      },
      target: { firewall: { allow: [22, 5432], from: 'outside' } },
      status: 'pass',
    },
    {
      name: 'declared for the office, and open to everybody',
      facts: {
        'host.firewall': docker(
          '-A DOCKER ! -i docker0 -p tcp -m tcp --dport 5432 -j DNAT --to-destination 172.17.0.2:5432',
        ),
      },
      target: { firewall: { allow: [22, 5432], from: ['198.51.100.0/24'] } },
      status: 'fail',
    },
    {
      name: 'declared for the office, and forwarded for the office alone',
      facts: {
        'host.firewall': docker(
          '-A DOCKER ! -i docker0 -p tcp -m tcp --dport 5432 -j DNAT --to-destination 172.17.0.2:5432',
          ['-A FORWARD -i eth0 ! -s 198.51.100.0/24 -j DROP'],
        ),
      },
      target: { firewall: { allow: [22, 5432], from: ['198.51.100.0/24'] } },
      status: 'pass',
    },
  ],
});
