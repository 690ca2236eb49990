import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { onlyTls13 } from '../../src/analysis/tls-suites.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleTls } from '../../src/core/facts/examples-tls.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

const holes = { heartbleed: false, ccsInjection: false, ticketbleed: false };

export default defineCheck({
  id: 'tls.heartbleed',
  title: 'The server does not leak memory (Heartbleed)',
  category: 'tls',
  severity: 'critical',
  since: '0.1.0',
  rationale: 'A server with this hole hands out its memory to anybody who asks: passwords, sessions, its private key.',
  remediation:
    'Update OpenSSL (1.0.1g or newer), restart all that uses it, then replace the key and have the old certificate revoked.',
  references: ['https://heartbleed.com/', 'https://nvd.nist.gov/vuln/detail/CVE-2014-0160'],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, (address, name) => {
      const { heartbleed } = address.holes;
      if (heartbleed) return fail(name(), 'the server answers a heartbeat that asks for more than it brought');
      if (heartbleed === null && !onlyTls13(address)) return unknown(name(), 'could not try a heartbeat');
      return pass(address.features.heartbeat ? 'a false heartbeat is dropped' : 'heartbeats are not supported', {
        subject: name(),
      });
    });
  },
  examples: [
    { name: 'no heartbeats', facts: { tls: exampleTls() }, status: 'pass' },
    { name: 'leaks', facts: { tls: exampleTls({ holes: { ...holes, heartbleed: true } }) }, status: 'fail' },
    {
      name: 'could not be tried',
      facts: { tls: exampleTls({ holes: { ...holes, heartbleed: null } }) },
      status: 'unknown',
    },
  ],
});
