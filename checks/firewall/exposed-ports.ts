import { type Exposure, joinExposure } from '../../src/analysis/exposure.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleFirewall, exampleListen, examplePorts, exampleRules } from '../../src/core/facts/examples-host.ts';
import { fail, type Outcome, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';
import type { DeclaredExposure } from '../../src/core/target.ts';
import { LOCAL_PROCESSES, LOCAL_SERVICES } from '../../src/knowledge/local-services.ts';

const OFFICE = [...exampleRules(22), '-A INPUT -s 198.51.100.0/24 -p tcp -m tcp --dport 5432 -j ACCEPT'];

function messageOf(row: Exposure, service: string | undefined): string {
  const behind = row.via === 'dnat' ? 'something behind an address translation' : 'an unknown process';
  const who = row.process ?? service ?? behind;
  const to = row.declared ? 'to everybody' : 'from outside';
  const how = row.reachable === null ? ', as its rules say' : '';
  const past = row.via === 'dnat' ? ', past the rules for this host' : '';
  return `${row.protocol.toUpperCase()} port ${row.port} (${who}) is open ${to} over IPv${row.family}${past}${how}`;
}

function wantedOf(row: Exposure, declared: DeclaredExposure | null): string {
  if (!declared) return 'not reachable from outside';
  if (row.declared) return `open to ${[declared.from].flat().join(', ')} only`;
  return `only ${declared.allow.join(', ') || 'nothing'}`;
}

export default defineCheck({
  id: 'firewall.exposed-ports',
  title: 'Only declared ports are open from outside',
  category: 'firewall',
  severity: 'critical',
  since: '0.1.0',
  rationale:
    'What counts is what answers a stranger, whatever the rules say: container ports, forwarded ports and IPv6 pass rules that look tight.',
  remediation:
    'Stop or bind the service to a local address, or remove the rule or container port that lets it out; if it is meant, declare it: firewall: { allow: [22, 443, PORT] }.',
  references: ['CIS Controls v8.1, 4.4 and 12.2', 'NIST SP 800-41 Rev. 1'],
  on: ['host'],
  needs: ['ports'],
  wants: ['host.listen', 'host.firewall'],
  evaluate({ ports, 'host.listen': listen, 'host.firewall': firewall }, { target }) {
    const declared = target.kind === 'host' ? target.firewall : null;
    const rows = joinExposure({ ports, listen, firewall, declared });
    const outcomes = rows.flatMap((row): Outcome[] => {
      const subject = `${row.protocol}/${row.port} IPv${row.family}`;
      if (row.kind === 'unknown' && row.reachable === true)
        return [
          unknown(subject, 'the auditor reached it; whether others than those it is declared for do cannot be told'),
        ];
      if (row.kind !== 'exposed' && row.kind !== 'bypasses') return [];
      const service = (row.process ? LOCAL_PROCESSES.get(row.process) : undefined) ?? LOCAL_SERVICES.get(row.port);
      // Without a declaration, and for UDP, only what is never meant for strangers is a finding.
      if ((!declared || row.protocol === 'udp') && !service) return [];
      return [
        fail(subject, messageOf(row, service?.name), {
          severity: service?.severity === 'critical' ? 'critical' : 'high',
          seen: row.rule ? `${row.rule.verdict} by ${row.rule.by}` : 'open',
          wanted: wantedOf(row, declared),
          details: {
            protocol: row.protocol,
            port: row.port,
            family: row.family,
            process: row.process,
            via: row.via,
            reached: row.reachable,
          },
        }),
      ];
    });
    const list = [...new Set(rows.filter((row) => row.reachable === true).map((row) => row.port))].join(', ') || 'none';
    return outcomesOr(
      outcomes,
      pass(
        `open from outside: ${list} (asked ${ports.scanned === '1-65535' ? 'all ports' : 'well-known ports only'} of ${ports.addresses.map((one) => one.address).join(', ')})`,
      ),
    );
  },
  examples: [
    {
      name: 'what is declared',
      facts: { ports: examplePorts([22, 443]) },
      target: { firewall: { allow: [22, 443], from: 'outside' } },
      status: 'pass',
    },
    {
      name: 'a database that nobody declared, with the process behind it',
      facts: {
        ports: examplePorts([22, 5432]),
        'host.listen': exampleListen('0.0.0.0:5432 postgres', '0.0.0.0:22 sshd'),
      },
      target: { firewall: { allow: [22], from: 'outside' } },
      status: 'fail',
      subjects: ['tcp/5432 IPv4'],
      severity: 'high',
    },
    {
      name: 'open over IPv6 alone',
      facts: { ports: examplePorts([22], [22, 9090]) },
      target: { firewall: { allow: [22], from: 'outside' } },
      status: 'fail',
      subjects: ['tcp/9090 IPv6'],
    },
    {
      name: 'declared for the office: its port is, and SSH is open to everybody',
      facts: {
        ports: examplePorts([22]),
        'host.listen': exampleListen('0.0.0.0:5432 postgres', '0.0.0.0:22 sshd'),
        'host.firewall': exampleFirewall('DROP', OFFICE),
      },
      target: { firewall: { allow: [22, 5432], from: ['198.51.100.0/24'] } },
      status: 'fail',
      subjects: ['tcp/22 IPv4'],
    },
    {
      name: 'declared for the office, and open to everybody',
      facts: {
        ports: examplePorts([5432]),
        'host.listen': exampleListen('0.0.0.0:5432 postgres'),
        'host.firewall': exampleFirewall('DROP', exampleRules(5432)),
      },
      target: { firewall: { allow: [5432], from: ['198.51.100.0/24'] } },
      status: 'fail',
      subjects: ['tcp/5432 IPv4'],
    },
    {
      name: 'declared for the office; the auditor got in and nothing else is known',
      facts: {
        ports: {
          ...examplePorts([5432]),
          addresses: examplePorts([5432]).addresses.map((one) => ({ ...one, source: '198.51.100.7' })),
        },
      },
      target: { firewall: { allow: [5432], from: ['198.51.100.0/24'] } },
      status: 'unknown',
    },
    {
      name: 'a rule that lets the auditor in is no door for strangers',
      facts: {
        ports: {
          ...examplePorts([6379]),
          addresses: examplePorts([6379]).addresses.map((one) => ({ ...one, source: '192.0.2.9' })),
        },
        'host.listen': exampleListen('0.0.0.0:6379 redis-server'),
        'host.firewall': exampleFirewall('DROP', [
          ...exampleRules(),
          '-A INPUT -s 192.0.2.9/32 -p tcp -m tcp --dport 6379 -j ACCEPT',
        ]),
      },
      target: { firewall: { allow: [22], from: 'outside' } },
      status: 'pass',
    },
    {
      name: 'without a declaration a web server is no finding',
      facts: { ports: examplePorts([22, 80]) },
      status: 'pass',
    },
    {
      name: 'without a declaration Redis is',
      facts: { ports: examplePorts([22, 6379]) },
      status: 'fail',
      severity: 'critical',
    },
    {
      name: 'a container port that the rules for this host never see',
      facts: {
        ports: examplePorts([22, 5432]),
        'host.listen': exampleListen('0.0.0.0:22 sshd'),
        'host.firewall': exampleFirewall('DROP', exampleRules(22)),
      },
      target: { firewall: { allow: [22], from: 'outside' } },
      status: 'fail',
    },
  ],
});
