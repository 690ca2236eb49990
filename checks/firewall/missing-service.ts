import { covers } from '../../src/analysis/exposure-scan.ts';
import { defineCheck } from '../../src/core/check.ts';
import { examplePorts } from '../../src/core/facts/examples-host.ts';
import { fail, notApplicable, type Outcome, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

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
  evaluate({ ports }, { target }) {
    const declared = target.kind === 'host' ? target.firewall : null;
    if (!declared || declared.allow.length === 0)
      return notApplicable('the configuration declares no ports for this host');
    const outcomes = declared.allow.flatMap((port): Outcome[] => {
      if (!covers(ports, port))
        return [unknown(`tcp/${port}`, `port ${port} was not asked (scanned: ${ports.scanned})`)];
      if (ports.addresses.some((one) => one.open.includes(port))) return [];
      const silent = ports.addresses.some((one) => one.filteredPorts.includes(port));
      return [
        fail(
          `tcp/${port}`,
          `declared port ${port} is not open on any address of the host${silent ? ': no answer' : ''}`,
          { seen: silent ? 'filtered' : 'closed', wanted: 'open' },
        ),
      ];
    });
    return outcomesOr(outcomes, pass(`all declared ports are open: ${declared.allow.join(', ')}`));
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
    { name: 'nothing declared', facts: { ports: examplePorts([22]) }, status: 'not-applicable' },
  ],
});
