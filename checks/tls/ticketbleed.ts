import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { onlyTls13 } from '../../src/analysis/tls-suites.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleTls } from '../../src/core/facts/examples-tls.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

const holes = { heartbleed: false, ccsInjection: false, ticketbleed: false };

export default defineCheck({
  id: 'tls.ticketbleed',
  title: 'Resumption does not leak memory (Ticketbleed)',
  category: 'tls',
  severity: 'critical',
  since: '0.1.0',
  rationale:
    'A server with this hole hands out 31 bytes of its memory with every resumed session, keys and sessions of others among them.',
  remediation:
    'Update BIG-IP (11.6.1 HF2, 12.1.2 HF1, 13.0.0 or newer), or turn session tickets off in its client SSL profile.',
  references: ['https://nvd.nist.gov/vuln/detail/CVE-2016-9244', 'https://filippo.io/Ticketbleed/'],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, (address, name) => {
      const { ticketbleed } = address.holes;
      if (ticketbleed)
        return fail(name(), 'the server answers a short session id with a longer one: memory of its own');
      if (ticketbleed === null && !onlyTls13(address))
        return unknown(name(), 'could not try to resume a session with a short id');
      return pass('short session ids come back as they were sent, or not at all', { subject: name() });
    });
  },
  examples: [
    { name: 'sound', facts: { tls: exampleTls() }, status: 'pass' },
    { name: 'vulnerable', facts: { tls: exampleTls({ holes: { ...holes, ticketbleed: true } }) }, status: 'fail' },
    {
      name: 'could not be tried',
      facts: { tls: exampleTls({ holes: { ...holes, ticketbleed: null } }) },
      status: 'unknown',
    },
  ],
});
