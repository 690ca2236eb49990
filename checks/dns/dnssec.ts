import { defineCheck } from '../../src/core/check.ts';
import { exampleDns } from '../../src/core/facts/examples.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'dns.dnssec',
  title: 'The zone is signed',
  category: 'dns',
  severity: 'info',
  since: '0.1.0',
  rationale: 'Signed answers cannot be forged on the way; CAA, DANE and MTA-STS are worth more in a signed zone.',
  remediation: 'Sign the zone and hand the DS record to the registrar; most DNS hosts do both at a click.',
  references: ['https://www.rfc-editor.org/rfc/rfc4035#section-3.2.3', 'https://www.rfc-editor.org/rfc/rfc9364'],
  needs: ['dns'],
  evaluate({ dns }) {
    if (dns.ds.status === 'failed') return unknown('', `could not ask for DS: ${dns.ds.reason}`);
    if (dns.ds.status !== 'found') return fail('', `${dns.zone ?? dns.name} has no DS record: it is not signed`);
    const seen = `DS ${dns.ds.records.join(', ')}`;
    if (dns.authentic) return pass('the zone is signed and the resolver validated the answer', { seen });
    return unknown('', 'the zone has a DS record, but the resolver that was asked does not say that it validated', {
      seen,
    });
  },
  examples: [
    {
      name: 'signed and validated',
      facts: { dns: exampleDns({ ds: { status: 'found', records: ['1 13 2'] }, authentic: true }) },
      status: 'pass',
    },
    { name: 'not signed', facts: { dns: exampleDns() }, status: 'fail' },
    {
      name: 'signed, but nobody validated',
      facts: { dns: exampleDns({ ds: { status: 'found', records: ['1 13 2'] } }) },
      status: 'unknown',
    },
  ],
});
