import { defineCheck } from '../../src/core/check.ts';
import { exampleDns } from '../../src/core/facts/examples.ts';
import { fail, notApplicable, pass, unknown } from '../../src/core/outcome.ts';

const mx = { status: 'found' as const, records: [{ preference: 10, exchange: 'mx.shop.example' }] };
const mtaSts = { status: 'found' as const, records: ['v=STSv1; id=20261101'] };
const policy = (text: string) => exampleDns({ mx, mtaSts, mtaStsPolicy: { text } });

export default defineCheck({
  id: 'dns.mta-sts',
  title: 'Mail to the domain must come over verified TLS',
  category: 'dns',
  severity: 'medium',
  since: '0.1.0',
  rationale: 'Mail servers fall back to plain text when somebody on the way tells them to; MTA-STS forbids it.',
  remediation:
    'Publish _mta-sts.DOMAIN TXT "v=STSv1; id=1" and https://mta-sts.DOMAIN/.well-known/mta-sts.txt with mode: enforce, your mx names and max_age: 604800.',
  references: ['https://www.rfc-editor.org/rfc/rfc8461'],
  needs: ['dns'],
  evaluate({ dns }) {
    if (dns.mx.status === 'failed') return unknown('', `could not ask for MX: ${dns.mx.reason}`);
    if (dns.mx.status !== 'found') return notApplicable(`${dns.zone ?? dns.name} receives no mail`);
    if (dns.mtaSts.status === 'failed') return unknown('', `could not ask for MTA-STS: ${dns.mtaSts.reason}`);
    if (dns.mtaSts.status !== 'found') return fail('', 'there is no MTA-STS record', { wanted: 'v=STSv1; id=…' });
    if (dns.mtaSts.records.length > 1)
      return fail('', 'there are several MTA-STS records; senders ignore them all', {
        seen: dns.mtaSts.records.join(' | '),
      });
    if (dns.mtaStsPolicy === null) return unknown('', 'the policy was not fetched');
    if ('error' in dns.mtaStsPolicy)
      return fail('', `the policy cannot be had, so senders go on as if there were none: ${dns.mtaStsPolicy.error}`);
    const fields = fieldsOf(dns.mtaStsPolicy.text);
    const seen = dns.mtaStsPolicy.text.trim().replace(/\r?\n/g, ' ');
    if (fields.get('version')?.[0] !== 'STSv1')
      return fail('', 'the policy does not begin with version: STSv1', { seen });
    const mode = fields.get('mode')?.[0];
    if (mode !== 'enforce')
      return fail('', `mode is "${mode ?? 'missing'}": nothing is enforced`, {
        seen,
        wanted: 'mode: enforce',
        severity: 'low',
      });
    const allowed = fields.get('mx') ?? [];
    const left = dns.mx.records.filter(({ exchange }) => !allowed.some((pattern) => matches(pattern, exchange)));
    if (left.length > 0) {
      return fail(
        '',
        `the policy forbids a mail server of the domain: ${left.map(({ exchange }) => exchange).join(', ')}`,
        { seen, severity: 'high' },
      );
    }
    const maxAge = Number(fields.get('max_age')?.[0] ?? 0);
    // RFC 8461, section 3.2: weeks; a short one is forgotten between two mails.
    if (!(maxAge >= 86_400))
      return fail('', `max_age is ${maxAge} seconds: senders forget the policy within a day`, {
        seen,
        wanted: 'max_age: 604800',
        severity: 'low',
      });
    return pass('senders must use verified TLS', { seen });
  },
  examples: [
    {
      name: 'enforced',
      facts: { dns: policy('version: STSv1\r\nmode: enforce\r\nmx: mx.shop.example\r\nmax_age: 604800\r\n') },
      status: 'pass',
    },
    { name: 'none', facts: { dns: exampleDns({ mx }) }, status: 'fail' },
    {
      name: 'testing',
      facts: { dns: policy('version: STSv1\nmode: testing\nmx: mx.shop.example\nmax_age: 604800') },
      status: 'fail',
      severity: 'low',
    },
    {
      name: "the domain's own server is forbidden",
      facts: { dns: policy('version: STSv1\nmode: enforce\nmx: old.shop.example\nmax_age: 604800') },
      status: 'fail',
      severity: 'high',
    },
    {
      name: 'a wildcard is one label',
      facts: { dns: policy('version: STSv1\nmode: enforce\nmx: *.shop.example\nmax_age: 604800') },
      status: 'pass',
    },
    {
      name: 'announced but not there',
      facts: { dns: exampleDns({ mx, mtaSts, mtaStsPolicy: { error: 'the policy answers 404' } }) },
      status: 'fail',
    },
    { name: 'a domain without mail', facts: { dns: exampleDns() }, status: 'not-applicable' },
  ],
});

/** `key: value` lines (RFC 8461, section 3.2); `mx` may come several times. */
function fieldsOf(text: string): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const line of text.split(/\r?\n/)) {
    const at = line.indexOf(':');
    if (at <= 0) continue;
    const name = line.slice(0, at).trim();
    fields.set(name, [...(fields.get(name) ?? []), line.slice(at + 1).trim()]);
  }
  return fields;
}

/** A wildcard stands for exactly one label (RFC 8461, section 4.1). */
function matches(pattern: string, name: string): boolean {
  const wanted = pattern.toLowerCase();
  const host = name.toLowerCase().replace(/\.$/, '');
  return wanted.startsWith('*.') ? host.slice(host.indexOf('.') + 1) === wanted.slice(2) : host === wanted;
}
