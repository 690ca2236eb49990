import { defineCheck } from '../../src/core/check.ts';
import { exampleUsers } from '../../src/core/facts/examples-users.ts';
import { fail, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'host.empty-passwords',
  title: 'No account has an empty password',
  category: 'host',
  severity: 'critical',
  since: '0.1.0',
  rationale: 'Whoever knows the name is in: at the console, by su, and over SSH where PermitEmptyPasswords allows it.',
  remediation: 'Lock it (passwd -l NAME) or set a password (passwd NAME).',
  references: ['CIS Debian Linux 12 Benchmark', 'passwd(1), -S: NP'],
  needs: ['host.users'],
  evaluate({ 'host.users': { accounts, passwordsHidden } }) {
    if (passwordsHidden !== null) return unknown('', `could not look: ${passwordsHidden}`);
    const empty = accounts.filter((account) => account.password === 'none');
    return outcomesOr(
      empty.map((account) =>
        fail(account.name, `account "${account.name}" has an empty password`, {
          seen: 'NP',
          wanted: 'locked, or a password',
        }),
      ),
      pass(`none of ${accounts.length} accounts has an empty password`),
    );
  },
  examples: [
    {
      name: 'set or locked',
      facts: { 'host.users': exampleUsers({ ana: { password: 'set', scheme: 'y' } }) },
      status: 'pass',
    },
    {
      name: 'an empty one',
      facts: { 'host.users': exampleUsers({ guest: { password: 'none' } }) },
      status: 'fail',
      subjects: ['guest'],
    },
    {
      name: 'without root nobody can tell',
      facts: {
        'host.users': exampleUsers(
          { guest: { password: null } },
          { passwordsHidden: 'only root can see the state of passwords' },
        ),
      },
      status: 'unknown',
    },
  ],
});
