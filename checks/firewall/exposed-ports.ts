import { joinExposure } from '../../src/analysis/exposure.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleFirewall, exampleListen, examplePorts, exampleRules } from '../../src/core/facts/examples-host.ts';
import { fail, outcomesOr, pass } from '../../src/core/outcome.ts';
import { LOCAL_PROCESSES, LOCAL_SERVICES } from '../../src/knowledge/local-services.ts';

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
    const open = rows.filter((row) => row.reachable === true);
    const outcomes = open.flatMap((row) => {
      const service = (row.process ? LOCAL_PROCESSES.get(row.process) : undefined) ?? LOCAL_SERVICES.get(row.port);
      // Without a declaration only what is never meant for strangers is a finding.
      if (row.declared || (!declared && !service)) return [];
      const who =
        row.process ??
        service?.name ??
        (row.via === 'dnat' ? 'something behind an address translation' : 'an unknown process');
      return [
        fail(
          `tcp/${row.port} IPv${row.family}`,
          `TCP port ${row.port} (${who}) is open from outside over IPv${row.family}${row.via === 'dnat' ? ', past the rules for this host' : ''}`,
          {
            severity: service?.severity === 'critical' ? 'critical' : 'high',
            seen: row.rule ? `${row.rule.verdict} by ${row.rule.by}` : 'open',
            wanted: declared ? `only ${declared.allow.join(', ') || 'nothing'}` : 'not reachable from outside',
            details: { protocol: 'tcp', port: row.port, family: row.family, process: row.process, via: row.via },
          },
        ),
      ];
    });
    const list = [...new Set(open.map((row) => row.port))].join(', ') || 'none';
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
