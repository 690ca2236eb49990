import { type Exposure, joinExposure } from '../../src/analysis/exposure.ts';
import { audienceOf } from '../../src/analysis/exposure-rules.ts';
import { covers } from '../../src/analysis/exposure-scan.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleFirewall, exampleListen, examplePorts, exampleRules } from '../../src/core/facts/examples-host.ts';
import type { PortsFacts } from '../../src/core/facts/ports.ts';
import { fail, notApplicable, type Outcome, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

/** Too open is a finding of another check. */
const OPEN: ReadonlySet<string> = new Set(['intended', 'exposed', 'bypasses']);

function whyNot(ports: PortsFacts, port: number): string {
  if (!covers(ports, port)) return `it was not asked (scanned: ${ports.scanned})`;
  return 'the auditor is none of those, and the rules and sockets of the host do not tell';
}

function seenOf(rows: readonly Exposure[]): string {
  const scan = rows.map((row) => row.scan).find((state) => state !== 'not scanned');
  if (scan) return scan;
  const listening = rows.some((row) => row.bind.length > 0);
  return listening ? `the rules turn them away: ${rows.map((row) => row.rule?.by ?? '')[0]}` : 'nothing listens there';
}

export default defineCheck({
  id: 'firewall.missing-service',
  title: 'Every declared port is open from outside',
  category: 'firewall',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'A declared port that does not answer is a service that is down or a rule that is missing; or the declaration is out of date and would hide a stranger there.',
  remediation: 'Start the service or allow the port; if it is gone for good, take it out of firewall.allow.',
  references: ['CIS Controls v8.1, 4.8'],
  on: ['host'],
  needs: ['ports'],
  wants: ['host.listen', 'host.firewall'],
  evaluate({ ports, 'host.listen': listen, 'host.firewall': firewall }, { target }) {
    const declared = target.kind === 'host' ? target.firewall : null;
    if (!declared || declared.allow.length === 0)
      return notApplicable('the configuration declares no ports for this host');
    const all = joinExposure({ ports, listen, firewall, declared });
    const whom = audienceOf(declared).everybody ? '' : ` for ${[declared.from].flat().join(', ')}`;
    const outcomes = declared.allow.flatMap((port): Outcome[] => {
      const rows = all.filter((row) => row.port === port && row.declared);
      // Open on one family or protocol is open: the host may not have the other.
      if (rows.some((row) => OPEN.has(row.kind))) return [];
      if (!rows.some((row) => row.kind === 'missing'))
        return [
          unknown(`tcp/${port}`, `whether port ${port} is open${whom} could not be told: ${whyNot(ports, port)}`),
        ];
      const silent = rows.some((row) => row.scan === 'filtered');
      return [
        fail(
          `tcp/${port}`,
          whom === ''
            ? `declared port ${port} is not open on any address of the host${silent ? ': no answer' : ''}`
            : `declared port ${port} is not open${whom}`,
          { seen: seenOf(rows), wanted: `open${whom}` },
        ),
      ];
    });
    return outcomesOr(outcomes, pass(`all declared ports are open${whom}: ${declared.allow.join(', ')}`));
  },
  examples: [
    {
      name: 'all open',
      facts: { ports: examplePorts([22, 443]) },
      target: { firewall: { allow: [22, 443], from: 'outside' } },
      status: 'pass',
    },
    {
      name: 'one is not',
      facts: { ports: examplePorts([22]) },
      target: { firewall: { allow: [22, 443], from: 'outside' } },
      status: 'fail',
      subjects: ['tcp/443'],
    },
    {
      name: 'declared for the office, whose rule lets it in; the auditor stays outside',
      facts: {
        ports: examplePorts([]),
        'host.listen': exampleListen('0.0.0.0:5432 postgres'),
        'host.firewall': exampleFirewall('DROP', [
          ...exampleRules(),
          '-A INPUT -s 198.51.100.0/24 -p tcp -m tcp --dport 5432 -j ACCEPT',
        ]),
      },
      target: { firewall: { allow: [5432], from: ['198.51.100.0/24'] } },
      status: 'pass',
    },
    {
      name: 'declared for the office, and no rule lets it in',
      facts: {
        ports: examplePorts([]),
        'host.listen': exampleListen('0.0.0.0:5432 postgres'),
        'host.firewall': exampleFirewall('DROP', exampleRules(22)),
      },
      target: { firewall: { allow: [5432], from: ['198.51.100.0/24'] } },
      status: 'fail',
      subjects: ['tcp/5432'],
    },
    {
      name: 'declared for the office, seen by a stranger only',
      facts: { ports: examplePorts([]) },
      target: { firewall: { allow: [5432], from: ['198.51.100.0/24'] } },
      status: 'unknown',
    },
    { name: 'nothing declared', facts: { ports: examplePorts([22]) }, status: 'not-applicable' },
  ],
});
