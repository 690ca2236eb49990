import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleTls } from '../../src/core/facts/examples-tls.ts';
import { fail, notApplicable, type Outcome, pass, unknown } from '../../src/core/outcome.ts';
import { groupByName } from '../../src/knowledge/tls/groups.ts';

/** What every current client has. */
const COMMON = ['x25519', 'secp256r1', 'X25519MLKEM768'];

export default defineCheck({
  id: 'tls.groups',
  title: 'Keys are exchanged over strong groups',
  category: 'tls',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'A key exchange over a small curve can be broken although the cipher is strong; without x25519 or P-256 some clients cannot connect at all.',
  remediation:
    'Offer X25519MLKEM768, x25519, secp256r1 and secp384r1 (nginx: ssl_ecdh_curve X25519MLKEM768:X25519:prime256v1:secp384r1).',
  references: [
    'https://www.rfc-editor.org/rfc/rfc8422#section-5.1.1',
    'https://www.rfc-editor.org/rfc/rfc9325#section-4.2.1',
  ],
  needs: ['tls'],
  evaluate({ tls }) {
    return eachAddress(tls, ({ groups, groupsComplete }, name): Outcome[] => {
      const outcomes = groups.flatMap((one): Outcome[] => {
        const group = groupByName(one);
        if (!group || group.kind === 'field' || group.bits >= 128) return [];
        return [
          fail(name(one), `${one} gives only ${group.bits} bits of security`, {
            seen: one,
            wanted: 'at least 128 bits',
          }),
        ];
      });
      if (groups.length > 0 && groupsComplete && !groups.some((one) => COMMON.includes(one)))
        outcomes.push(
          fail(name(), 'neither x25519 nor secp256r1 is offered', {
            seen: groups.join(', '),
            wanted: 'x25519, secp256r1',
          }),
        );
      if (outcomes.length > 0) return outcomes;
      if (!groupsComplete) return [unknown(name(), 'could not ask for every group')];
      if (groups.length === 0) return [notApplicable('no suite exchanges keys over a group', { subject: name() })];
      return [pass(`${groups.length} groups, all strong`, { subject: name(), seen: groups.join(', ') })];
    });
  },
  examples: [
    { name: 'x25519 and P-256', facts: { tls: exampleTls() }, status: 'pass' },
    {
      name: 'a 160-bit curve',
      facts: { tls: exampleTls({ groups: ['x25519', 'secp160r1'] }) },
      status: 'fail',
      subjects: ['secp160r1'],
    },
    { name: 'none that clients commonly have', facts: { tls: exampleTls({ groups: ['secp521r1'] }) }, status: 'fail' },
    { name: 'not all could be asked', facts: { tls: exampleTls({ groupsComplete: false }) }, status: 'unknown' },
  ],
});
