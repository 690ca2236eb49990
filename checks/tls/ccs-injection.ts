import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { onlyTls13 } from '../../src/analysis/tls-suites.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleTls } from '../../src/core/facts/examples-tls.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

const holes = { heartbleed: false, ccsInjection: false, ticketbleed: false };

export default defineCheck({
  id: 'tls.ccs-injection',
  title: 'Keys are not changed before they are agreed (CCS injection)',
  category: 'tls',
  severity: 'critical',
  since: '0.1.0',
  rationale: 'Somebody on the way can force known keys on both sides and read and change all that follows.',
  remediation: 'Update OpenSSL (1.0.1h, 1.0.0m, 0.9.8za or newer) and restart all that uses it.',
  references: ['https://nvd.nist.gov/vuln/detail/CVE-2014-0224', 'https://www.openssl.org/news/secadv/20140605.txt'],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, (address, name) => {
      const { ccsInjection } = address.holes;
      if (ccsInjection) return fail(name(), 'the server changes its keys before any have been agreed');
      if (ccsInjection === null && !onlyTls13(address))
        return unknown(name(), 'could not try a ChangeCipherSpec out of turn');
      return pass('a ChangeCipherSpec out of turn is refused', { subject: name() });
    });
  },
  examples: [
    { name: 'sound', facts: { tls: exampleTls() }, status: 'pass' },
    { name: 'vulnerable', facts: { tls: exampleTls({ holes: { ...holes, ccsInjection: true } }) }, status: 'fail' },
    {
      name: 'could not be tried',
      facts: { tls: exampleTls({ holes: { ...holes, ccsInjection: null } }) },
      status: 'unknown',
    },
  ],
});
