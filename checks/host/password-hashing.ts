import { defineCheck } from '../../src/core/check.ts';
import { exampleUsers } from '../../src/core/facts/examples-users.ts';
import { fail, type Outcome, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

/** crypt(5): prefixes of hashes that hold today, and those that a graphics card tries by the billion. */
const STRONG = new Set(['y', 'gy', '7', '2b', '2y', '2a', '6']);
const STRONG_METHODS = new Set(['yescrypt', 'gost_yescrypt', 'sha512', 'blowfish', 'bcrypt']);
const NAMES: Record<string, string> = {
  '1': 'MD5',
  '5': 'SHA-256',
  des: 'DES',
  bsdi: 'extended DES',
  md5: 'MD5',
  '3': 'NT',
};

export default defineCheck({
  id: 'host.password-hashing',
  title: 'Passwords are hashed with a slow, current method',
  category: 'host',
  severity: 'low',
  since: '0.1.0',
  rationale:
    'Whoever gets hold of the hashes once tries guesses offline; a slow hash makes that thousands of times dearer.',
  remediation:
    'Set ENCRYPT_METHOD YESCRYPT (or SHA512) in /etc/login.defs and the same for pam_unix, then have the passwords changed: only a new password gets a new hash.',
  references: ['crypt(5)', 'CIS Debian Linux 12 Benchmark'],
  needs: ['host.users'],
  evaluate({ 'host.users': { accounts, hashing } }) {
    const weak = accounts.filter(
      (account) => account.password === 'set' && account.scheme !== null && !STRONG.has(account.scheme),
    );
    const outcomes: Outcome[] = weak.map((account) =>
      fail(
        account.name,
        `the password of "${account.name}" is hashed with ${NAMES[account.scheme ?? ''] ?? account.scheme}`,
        { severity: 'medium', seen: account.scheme ?? '', wanted: 'yescrypt, bcrypt or SHA-512' },
      ),
    );
    if (hashing !== null && !STRONG_METHODS.has(hashing))
      outcomes.push(
        fail('new passwords', `new passwords are hashed with ${hashing}`, {
          seen: hashing,
          wanted: 'yescrypt or sha512',
        }),
      );
    if (hashing === null && outcomes.length === 0)
      return unknown('', 'neither login.defs nor pam_unix says how new passwords are hashed');
    return outcomesOr(
      outcomes,
      pass(
        `new passwords are hashed with ${hashing}${
          accounts.some((one) => one.password === 'set' && one.scheme === null)
            ? '; how the existing ones are, only root can see'
            : ''
        }`,
      ),
    );
  },
  examples: [
    {
      name: 'yescrypt',
      facts: { 'host.users': exampleUsers({ ana: { password: 'set', scheme: 'y' } }) },
      status: 'pass',
    },
    {
      name: 'an old MD5 hash',
      facts: { 'host.users': exampleUsers({ ana: { password: 'set', scheme: '1' } }) },
      status: 'fail',
      subjects: ['ana'],
      severity: 'medium',
    },
    {
      name: 'MD5 for new ones',
      facts: { 'host.users': exampleUsers({}, { hashing: 'md5' }) },
      status: 'fail',
      subjects: ['new passwords'],
    },
    { name: 'nothing says', facts: { 'host.users': exampleUsers({}, { hashing: null }) }, status: 'unknown' },
  ],
});
