import { defineCheck } from '../../src/core/check.ts';
import type { DnsFacts } from '../../src/core/facts/dns.ts';
import { exampleDns } from '../../src/core/facts/examples.ts';
import { fail, notApplicable, pass, unknown } from '../../src/core/outcome.ts';

const binding = (ech: boolean): DnsFacts['https'] => ({
  status: 'found',
  records: [{ priority: 1, target: '', alpn: ['h2', 'h3'], ech }],
});

export default defineCheck({
  id: 'tls.ech',
  title: 'Encrypted Client Hello is announced',
  category: 'tls',
  severity: 'info',
  since: '0.1.0',
  rationale:
    'Without it everybody on the way reads the name of the server in the first message of TLS. Browsers use it where an HTTPS record of the name system carries its key.',
  remediation: 'Serve ECH (Caddy 2.10 or newer, or a CDN) and publish its key in the HTTPS record: ech="…".',
  references: ['https://www.rfc-editor.org/rfc/rfc9848', 'https://www.rfc-editor.org/rfc/rfc9460#section-2.2'],
  needs: ['dns'],
  evaluate({ dns: { https, name } }, { target }) {
    if (target.kind === 'endpoint' && target.protocol !== 'https')
      return notApplicable('only HTTPS announces ECH in the name system');
    if (https.status === 'failed') return unknown('', `could not ask for an HTTPS record: ${https.reason}`);
    if (https.status !== 'found')
      return fail('', `${name} has no HTTPS record: the name of the server goes in the clear`, {
        wanted: 'an HTTPS record with ech',
      });
    const keys = https.records.filter((record) => record.ech).length;
    if (keys > 0) return pass('an HTTPS record carries the key of ECH', { seen: `${keys} of ${https.records.length}` });
    if (https.records.every((record) => record.priority === 0))
      return unknown('', `the HTTPS record is an alias of ${https.records[0]?.target}, which was not followed`);
    return fail('', 'the HTTPS record carries no key of ECH: the name of the server goes in the clear', {
      wanted: 'ech in the HTTPS record',
    });
  },
  examples: [
    { name: 'with a key', facts: { dns: exampleDns({ https: binding(true) }) }, status: 'pass' },
    { name: 'without a record', facts: { dns: exampleDns() }, status: 'fail' },
    { name: 'a record without a key', facts: { dns: exampleDns({ https: binding(false) }) }, status: 'fail' },
    {
      name: 'nobody answered',
      facts: { dns: exampleDns({ https: { status: 'failed', reason: 'SERVFAIL' } }) },
      status: 'unknown',
    },
  ],
});
