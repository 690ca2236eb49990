import { defineCheck } from '../../src/core/check.ts';
import { exampleDns } from '../../src/core/facts/examples.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'dns.caa',
  title: 'CAA says who may issue certificates',
  category: 'dns',
  severity: 'low',
  since: '0.1.0',
  rationale:
    'Without CAA every certificate authority in the world may issue for the name; with it, the others must refuse.',
  remediation: 'Add a CAA record to the zone, such as: shop.example. CAA 0 issue "letsencrypt.org"',
  references: ['https://www.rfc-editor.org/rfc/rfc8659#section-4.2', 'https://www.rfc-editor.org/rfc/rfc8657'],
  needs: ['dns'],
  evaluate({ dns }) {
    const { at, answer } = dns.caa;
    if (answer.status === 'failed') return unknown('', `could not ask for CAA: ${answer.reason}`);
    if (answer.status !== 'found')
      return fail('', 'no CAA record limits who may issue certificates', { wanted: '0 issue "your CA"' });
    const seen = answer.records
      .map((record) => `${record.critical ? 128 : 0} ${record.tag} "${record.value}"`)
      .join(', ');
    // RFC 8659, section 4.2: a set without an issue property does not restrict issuance at all.
    if (!answer.records.some((record) => record.tag === 'issue')) {
      return fail('', `the CAA set at ${at} has no issue property, so it restricts nothing`, { seen });
    }
    const strange = answer.records.filter((record) => record.critical && !KNOWN.has(record.tag));
    if (strange.length > 0) {
      return fail('', `the CAA set at ${at} has a critical property that no CA knows: nobody can issue`, {
        seen,
        severity: 'medium',
      });
    }
    return pass(`CAA at ${at} limits who may issue`, { seen });
  },
  examples: [
    {
      name: 'one CA may issue',
      facts: {
        dns: exampleDns({
          caa: {
            at: 'shop.example',
            answer: { status: 'found', records: [{ critical: false, tag: 'issue', value: 'letsencrypt.org' }] },
          },
        }),
      },
      status: 'pass',
    },
    { name: 'none', facts: { dns: exampleDns() }, status: 'fail' },
    {
      name: 'iodef alone restricts nothing',
      facts: {
        dns: exampleDns({
          caa: {
            at: 'shop.example',
            answer: { status: 'found', records: [{ critical: false, tag: 'iodef', value: 'mailto:a@shop.example' }] },
          },
        }),
      },
      status: 'fail',
    },
    {
      name: 'a set of a parent counts',
      facts: {
        dns: exampleDns({
          name: 'www.shop.example',
          caa: {
            at: 'shop.example',
            answer: { status: 'found', records: [{ critical: false, tag: 'issue', value: ';' }] },
          },
        }),
      },
      status: 'pass',
    },
    {
      name: 'the server fails',
      facts: { dns: exampleDns({ caa: { at: null, answer: { status: 'failed', reason: 'SERVFAIL' } } }) },
      status: 'unknown',
    },
  ],
});

/** Properties of RFC 8659, RFC 9495 and the ballots of the CA/Browser Forum. */
const KNOWN = new Set(['issue', 'issuewild', 'iodef', 'issuemail', 'issuevmc', 'contactemail', 'contactphone']);
