import { z } from 'zod';
import { defineCheck } from '../../src/core/check.ts';
import { exampleUsers } from '../../src/core/facts/examples-users.ts';
import { fail, notApplicable, outcomesOr, pass } from '../../src/core/outcome.ts';

const NO_SHELL = /\/(nologin|false|sync|halt|shutdown)$/;

export default defineCheck({
  id: 'host.accounts',
  title: 'Only declared accounts can log in',
  category: 'host',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'Accounts of people who left, of old tools and of intruders stay until somebody compares the list with what is meant to be there.',
  remediation:
    'Remove the account (userdel -r NAME), take its shell (usermod -s /usr/sbin/nologin NAME), or declare it: checks: { host.accounts: { allow: [root, NAME] } }.',
  references: ['CIS Controls v8.1, 5.1 and 5.3'],
  needs: ['host.users'],
  options: z.strictObject({ allow: z.array(z.string()).default([]).describe('names of the accounts that may log in') }),
  evaluate({ 'host.users': { accounts } }, { options }) {
    const able = accounts.filter((account) => !NO_SHELL.test(account.shell));
    if (options.allow.length === 0) {
      return notApplicable(
        `no accounts are declared; able to log in: ${able.map((account) => account.name).join(', ')}`,
      );
    }
    const strangers = able.filter((account) => !options.allow.includes(account.name));
    return outcomesOr(
      strangers.map((account) =>
        fail(account.name, `account "${account.name}" has a log-in shell and is not declared`, {
          seen: `uid ${account.uid}, ${account.shell || '/bin/sh'}`,
          wanted: options.allow.join(', '),
        }),
      ),
      pass(`all accounts that can log in are declared: ${able.map((account) => account.name).join(', ')}`),
    );
  },
  examples: [
    {
      name: 'all declared',
      facts: { 'host.users': exampleUsers() },
      options: { allow: ['root', 'deploy'] },
      status: 'pass',
    },
    {
      name: 'one too many',
      facts: { 'host.users': exampleUsers({ oldtimer: {} }) },
      options: { allow: ['root', 'deploy'] },
      status: 'fail',
      subjects: ['oldtimer'],
    },
    { name: 'nothing declared', facts: { 'host.users': exampleUsers() }, status: 'not-applicable' },
  ],
});
