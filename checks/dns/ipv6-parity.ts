import { defineCheck } from '../../src/core/check.ts';
import { exampleDns } from '../../src/core/facts/examples.ts';
import { fail, notApplicable, type Outcome, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

const reach = (four: 'open' | 'refused' | 'timeout', six: 'open' | 'refused' | 'timeout' | 'no-route') =>
  exampleDns({
    reach: [
      { address: '192.0.2.1', family: 4, result: four },
      { address: '2001:db8::1', family: 6, result: six },
    ],
  });

export default defineCheck({
  id: 'dns.ipv6-parity',
  title: 'What AAAA names answers as A does',
  category: 'dns',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'Clients with IPv6 try it first: an address that does not answer costs them seconds at every visit, or the service.',
  remediation: 'Listen on [::]:PORT and let IPv6 through the firewall, or take the AAAA record away until it works.',
  references: ['https://www.rfc-editor.org/rfc/rfc8305#section-3'],
  needs: ['dns'],
  evaluate({ dns }) {
    const six = dns.reach.filter((one) => one.family === 6);
    const four = dns.reach.filter((one) => one.family === 4);
    if (six.length === 0) return notApplicable('there is no AAAA record');
    if (four.length > 0 && four.every((one) => one.result !== 'open'))
      return unknown('', 'the service answers on no IPv4 address either');
    const outcomes = six.map(({ address, result }): Outcome => {
      if (result === 'no-route') return unknown(address, 'this machine has no way to IPv6');
      if (result === 'open') return pass(`[${address}] answers`, { subject: address });
      return fail(
        address,
        `[${address}] ${result === 'refused' ? 'refuses the connection' : 'does not answer'}, IPv4 does`,
        { seen: result, wanted: 'open' },
      );
    });
    return outcomesOr(outcomes, notApplicable('there is no AAAA record'));
  },
  examples: [
    { name: 'both answer', facts: { dns: reach('open', 'open') }, status: 'pass' },
    { name: 'IPv6 is silent', facts: { dns: reach('open', 'timeout') }, status: 'fail', subjects: ['2001:db8::1'] },
    { name: 'the auditor has no IPv6', facts: { dns: reach('open', 'no-route') }, status: 'unknown' },
    { name: 'both are down', facts: { dns: reach('refused', 'refused') }, status: 'unknown' },
    {
      name: 'no AAAA',
      facts: { dns: exampleDns({ reach: [{ address: '192.0.2.1', family: 4, result: 'open' }] }) },
      status: 'not-applicable',
    },
  ],
});
