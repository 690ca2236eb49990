import { defineCheck } from '../../src/core/check.ts';
import { exampleDns } from '../../src/core/facts/examples.ts';
import { fail, notApplicable, pass, unknown } from '../../src/core/outcome.ts';

const mx = { status: 'found' as const, records: [{ preference: 10, exchange: 'mx.shop.example' }] };
const dmarc = (...records: string[]) => exampleDns({ mx, dmarc: { status: 'found', records } });

export default defineCheck({
  id: 'dns.dmarc',
  title: 'DMARC tells receivers to refuse forged mail',
  category: 'dns',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'SPF and DKIM alone do not protect the address that people see; DMARC ties them to it and says what to do.',
  remediation:
    'Publish _dmarc.DOMAIN TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@DOMAIN" and move on to p=reject once the reports are clean.',
  references: ['https://www.rfc-editor.org/rfc/rfc7489#section-6.3'],
  needs: ['dns'],
  evaluate({ dns }) {
    if (dns.mx.status === 'failed') return unknown('', `could not ask for MX: ${dns.mx.reason}`);
    if (dns.mx.status !== 'found') return notApplicable(`${dns.zone ?? dns.name} receives no mail`);
    if (dns.dmarc.status === 'failed') return unknown('', `could not ask for DMARC: ${dns.dmarc.reason}`);
    if (dns.dmarc.status !== 'found') return fail('', 'there is no DMARC record', { wanted: 'v=DMARC1; p=reject' });
    const [record = '', ...more] = dns.dmarc.records;
    const seen = dns.dmarc.records.join(' | ');
    // RFC 7489, section 6.6.3: with more than one record none is applied.
    if (more.length > 0) return fail('', `there are ${more.length + 1} DMARC records; receivers apply none`, { seen });
    const tags = tagsOf(record);
    const policy = tags.get('p')?.toLowerCase();
    if (policy !== 'none' && policy !== 'quarantine' && policy !== 'reject') {
      return fail('', policy === undefined ? 'it has no policy' : `"${policy}" is no policy`, {
        seen,
        wanted: 'p=quarantine or p=reject',
      });
    }
    if (policy === 'none')
      return fail('', 'p=none only watches: forged mail is delivered', {
        seen,
        wanted: 'p=quarantine or p=reject',
        severity: 'low',
      });
    const share = tags.get('pct');
    if (share !== undefined && share !== '100')
      return fail('', `it is applied to ${share} % of the mail`, { seen, wanted: 'pct=100', severity: 'low' });
    if (tags.get('sp')?.toLowerCase() === 'none')
      return fail('', 'subdomains are left open by sp=none', {
        seen,
        wanted: 'sp=quarantine or sp=reject',
        severity: 'low',
      });
    return pass(`forged mail is ${policy === 'reject' ? 'refused' : 'quarantined'}`, { seen });
  },
  examples: [
    { name: 'reject', facts: { dns: dmarc('v=DMARC1; p=reject; rua=mailto:d@shop.example') }, status: 'pass' },
    { name: 'none at all', facts: { dns: exampleDns({ mx }) }, status: 'fail' },
    { name: 'only watching', facts: { dns: dmarc('v=DMARC1; p=none') }, status: 'fail', severity: 'low' },
    { name: 'two records', facts: { dns: dmarc('v=DMARC1; p=reject', 'v=DMARC1; p=none') }, status: 'fail' },
    { name: 'a misspelt policy', facts: { dns: dmarc('v=DMARC1; p=rejekt') }, status: 'fail' },
    { name: 'half of the mail', facts: { dns: dmarc('v=DMARC1; p=reject; pct=50') }, status: 'fail', severity: 'low' },
    { name: 'a domain without mail', facts: { dns: exampleDns() }, status: 'not-applicable' },
  ],
});

/** `tag=value` pairs (RFC 7489, section 6.4); of a tag that comes twice the first counts. */
function tagsOf(record: string): Map<string, string> {
  const tags = new Map<string, string>();
  for (const part of record.split(';')) {
    const at = part.indexOf('=');
    const name = part.slice(0, at).trim().toLowerCase();
    if (at > 0 && !tags.has(name)) tags.set(name, part.slice(at + 1).trim());
  }
  return tags;
}
