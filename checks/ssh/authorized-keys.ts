import { z } from 'zod';
import { defineCheck } from '../../src/core/check.ts';
import type { HostAuthorizedKeysFacts } from '../../src/core/facts/host-authorized-keys.ts';
import { fail, type Outcome, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

type Key = HostAuthorizedKeysFacts['accounts'][number]['keys'][number];

/** Options that hold a key to a place, a command or a time. */
const BOUNDS = ['from', 'command', 'restrict', 'expiry-time', 'cert-authority'];

const key = (change: Partial<Key> = {}): Key => ({
  type: 'ED25519',
  bits: 256,
  fingerprint: 'SHA256:0v1fJKSYBJgGhzxGMLkyhjEgwGyLzhVwh5cwZWJBNfY',
  options: ['from'],
  comment: '0123456789abcdef',
  ...change,
});
const root = (...keys: Key[]) => ({
  'host.authorized-keys': { accounts: [{ user: 'root', uid: 0, readable: true, keys }], elsewhere: null },
});

export default defineCheck({
  id: 'ssh.authorized-keys',
  title: 'Keys of privileged accounts are strong, bounded and known',
  category: 'ssh',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'A key in authorized_keys is a password that nobody changes: one that is short can be computed, one without bounds works from everywhere for ever, one without a name is never taken away.',
  remediation:
    'Remove what nobody claims; write from="10.0.0.0/8" (or restrict, command="...", expiry-time="...") before the key and the owner behind it; replace RSA below 3072 bits and DSA with ssh-keygen -t ed25519.',
  references: ['https://man.openbsd.org/sshd#AUTHORIZED_KEYS_FILE_FORMAT', 'NIST IR 7966, section 5.1'],
  needs: ['host.authorized-keys'],
  options: z.strictObject({
    bounded: z
      .boolean()
      .default(true)
      .describe('whether a key of a privileged account needs from, command, restrict or expiry-time'),
  }),
  evaluate({ 'host.authorized-keys': { accounts, elsewhere } }, { options }) {
    const outcomes: Outcome[] = accounts.flatMap(({ user, readable, keys }) => [
      ...(readable ? [] : [unknown(user, 'its authorized_keys may only be read by root')]),
      ...keys.flatMap((one) => judge(user, one, options.bounded)),
    ]);
    if (elsewhere !== null) outcomes.push(unknown('AuthorizedKeysFile', `keys in ${elsewhere} were not read`));
    const count = accounts.reduce((sum, account) => sum + account.keys.length, 0);
    return outcomesOr(
      outcomes,
      pass(`${count} keys of ${accounts.length} privileged accounts are strong, bounded and named`),
    );
  },
  examples: [
    { name: 'one key with an owner and an address', facts: root(key()), status: 'pass' },
    {
      name: 'RSA with 1024 bits',
      facts: root(key({ type: 'RSA', bits: 1024 })),
      status: 'fail',
      severity: 'medium',
    },
    { name: 'no keys', facts: root(), status: 'pass' },
    { name: 'DSA', facts: root(key({ type: 'DSA', bits: 1024 })), status: 'fail' },
    { name: 'usable from everywhere for ever', facts: root(key({ options: [] })), status: 'fail', severity: 'low' },
    { name: 'allowed without bounds', facts: root(key({ options: [] })), options: { bounded: false }, status: 'pass' },
    { name: 'nobody knows whose', facts: root(key({ comment: null })), status: 'fail', severity: 'low' },
    {
      name: 'a line that is no key',
      facts: root(key({ type: '?', bits: null, fingerprint: null })),
      status: 'unknown',
    },
    {
      name: 'not readable',
      facts: {
        'host.authorized-keys': { accounts: [{ user: 'root', uid: 0, readable: false, keys: [] }], elsewhere: null },
      },
      status: 'unknown',
    },
  ],
});

function judge(user: string, { type, bits, fingerprint, options, comment }: Key, bounded: boolean): Outcome[] {
  if (fingerprint === null) return [unknown(user, 'a line of its authorized_keys is no key that can be read')];
  const subject = `${user} ${fingerprint}`;
  const seen = `${type} ${bits ?? '?'} bits, options: ${options.join(', ') || 'none'}`;
  const weak = /^DSA/.test(type) || (/^RSA/.test(type) && (bits ?? 0) < 3072);
  if (weak)
    return [
      fail(subject, `a ${type} key of ${bits} bits lets in as ${user}`, {
        seen,
        wanted: 'ED25519, or RSA with 3072 bits',
      }),
    ];
  if (bounded && !options.some((name) => BOUNDS.includes(name.toLowerCase())))
    return [
      fail(subject, `the key is good from everywhere and for ever as ${user}`, {
        seen,
        wanted: 'from=, command=, restrict or expiry-time=',
        severity: 'low',
      }),
    ];
  if (comment === null)
    return [
      fail(subject, `nothing says whose key this is that lets in as ${user}`, {
        seen,
        wanted: 'the owner as its comment',
        severity: 'low',
      }),
    ];
  return [];
}
