import { defineCheck } from '../../src/core/check.ts';
import { exampleDns } from '../../src/core/facts/examples.ts';
import { fail, notApplicable, pass, unknown } from '../../src/core/outcome.ts';

const MX = { mx: { status: 'found', records: [{ preference: 10, exchange: 'mx.shop.example' }] } } as const;
const spf = (...records: string[]) => ({
  ...MX,
  mx: { ...MX.mx, records: [...MX.mx.records] },
  spf: { status: 'found' as const, records },
});

export default defineCheck({
  id: 'dns.spf',
  title: 'SPF says which servers may send mail for the domain',
  category: 'dns',
  severity: 'medium',
  since: '0.1.0',
  rationale: 'Without a working SPF record anybody can send mail that claims to come from the domain.',
  remediation:
    'Publish one TXT record that names your senders and refuses the rest, such as: v=spf1 mx include:_spf.mailer.example -all',
  references: ['https://www.rfc-editor.org/rfc/rfc7208'],
  needs: ['dns'],
  evaluate({ dns }) {
    if (dns.mx.status === 'failed') return unknown('', `could not ask for MX: ${dns.mx.reason}`);
    if (dns.mx.status !== 'found') return notApplicable(`${dns.zone ?? dns.name} receives no mail`);
    if (dns.spf.status === 'failed') return unknown('', `could not ask for SPF: ${dns.spf.reason}`);
    if (dns.spf.status !== 'found') return fail('', 'there is no SPF record', { wanted: 'v=spf1 … -all' });
    const [record = '', ...more] = dns.spf.records;
    const seen = dns.spf.records.join(' | ');
    // RFC 7208, section 4.5: more than one record is a permanent error, so none of them protects.
    if (more.length > 0)
      return fail('', `there are ${more.length + 1} SPF records; receivers treat that as none`, { seen });
    if (dns.spfLookups === null)
      return fail('', 'a record that it includes cannot be read: receivers treat that as none', { seen });
    if (dns.spfLookups > 10) {
      return fail('', 'reading it takes more than ten look-ups; receivers give up and treat it as none', {
        seen,
        wanted: 'at most 10 (RFC 7208, section 4.6.4)',
      });
    }
    const terms = record.trim().split(/\s+/).slice(1);
    const all = terms.find((term) => /^[+?~-]?all$/i.test(term));
    if (all === undefined) {
      if (terms.some((term) => /^redirect=/i.test(term)))
        return pass('one record, which leads to another domain', { seen });
      return fail('', 'it says nothing about all other servers', { seen, wanted: '-all at the end' });
    }
    if (all.startsWith('-') || all.startsWith('~')) return pass('one record, and other servers are refused', { seen });
    return fail('', `"${all}" lets every server in the world send for the domain`, {
      seen,
      wanted: '-all',
      severity: all.startsWith('?') ? 'low' : 'medium',
    });
  },
  examples: [
    {
      name: 'one record that refuses the rest',
      facts: { dns: exampleDns({ ...spf('v=spf1 mx -all'), spfLookups: 1 }) },
      status: 'pass',
    },
    { name: 'none', facts: { dns: exampleDns({ ...spf('v=spf1 mx -all'), spf: { status: 'none' } }) }, status: 'fail' },
    {
      name: 'two records',
      facts: { dns: exampleDns({ ...spf('v=spf1 mx -all', 'v=spf1 a -all'), spfLookups: 1 }) },
      status: 'fail',
    },
    { name: 'everybody may', facts: { dns: exampleDns({ ...spf('v=spf1 +all'), spfLookups: 0 }) }, status: 'fail' },
    {
      name: 'neutral',
      facts: { dns: exampleDns({ ...spf('v=spf1 mx ?all'), spfLookups: 1 }) },
      status: 'fail',
      severity: 'low',
    },
    {
      name: 'eleven look-ups',
      facts: { dns: exampleDns({ ...spf('v=spf1 include:a -all'), spfLookups: 11 }) },
      status: 'fail',
    },
    {
      name: 'an included record is missing',
      facts: { dns: exampleDns({ ...spf('v=spf1 include:a -all'), spfLookups: null }) },
      status: 'fail',
    },
    {
      name: 'a redirect speaks for the rest',
      facts: { dns: exampleDns({ ...spf('v=spf1 redirect=_spf.mailer.example'), spfLookups: 1 }) },
      status: 'pass',
    },
    { name: 'a domain without mail', facts: { dns: exampleDns() }, status: 'not-applicable' },
  ],
});
