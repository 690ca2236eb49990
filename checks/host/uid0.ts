import { defineCheck } from '../../src/core/check.ts';
import { exampleUsers } from '../../src/core/facts/examples-users.ts';
import { fail, outcomesOr, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'host.uid0',
  title: 'root is the only account with user id 0',
  category: 'host',
  severity: 'critical',
  since: '0.1.0',
  rationale:
    'A second account with id 0 is root under another name: a back door that escapes every rule that names root.',
  remediation:
    'Find out who made it and why (it may be an intrusion), then remove it: userdel -f NAME; give people sudo instead.',
  references: ['CIS Debian Linux 12 Benchmark', 'https://attack.mitre.org/techniques/T1136/001/'],
  needs: ['host.users'],
  evaluate({ 'host.users': { accounts } }) {
    const others = accounts.filter((account) => account.uid === 0 && account.name !== 'root');
    return outcomesOr(
      others.map((account) =>
        fail(account.name, `account "${account.name}" has user id 0: it is root`, {
          seen: `${account.name}, uid 0, shell ${account.shell || '/bin/sh'}`,
          wanted: 'a user id of its own',
        }),
      ),
      pass(`of ${accounts.length} accounts only root has user id 0`),
    );
  },
  examples: [
    { name: 'root alone', facts: { 'host.users': exampleUsers() }, status: 'pass' },
    {
      name: 'a second root',
      facts: { 'host.users': exampleUsers({ toor: { uid: 0 } }) },
      status: 'fail',
      subjects: ['toor'],
    },
  ],
});
