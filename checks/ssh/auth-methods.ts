import { defineCheck } from '../../src/core/check.ts';
import { exampleSshd } from '../../src/core/facts/examples-ssh.ts';
import { fail, notApplicable, type Outcome, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

const BAD: Readonly<Record<string, string>> = {
  none: 'the account gets in without showing anything',
  password: 'passwords are offered',
  'keyboard-interactive': 'passwords are offered by the keyboard-interactive way',
  hostbased: 'other hosts may vouch for users',
};

export default defineCheck({
  id: 'ssh.auth-methods',
  title: 'The server offers no password log-in',
  category: 'ssh',
  severity: 'high',
  since: '0.1.0',
  rationale: 'What is offered before the log-in is what everybody on the network may try.',
  remediation:
    'Set "PasswordAuthentication no", "KbdInteractiveAuthentication no" and "HostbasedAuthentication no", and reload sshd.',
  references: ['RFC 4252, section 5', 'https://man.openbsd.org/sshd_config#PasswordAuthentication'],
  needs: ['sshd'],
  evaluate({ sshd }) {
    if (sshd.authMethods.length === 0) {
      if (sshd.authMethodsHidden !== undefined)
        return unknown('', `no ways of logging in were told: ${sshd.authMethodsHidden}`);
      return notApplicable('nobody asked which ways of logging in are offered');
    }
    const outcomes: Outcome[] = sshd.authMethods.flatMap((method) => {
      const why = BAD[method];
      return why === undefined ? [] : [fail(method, why, { seen: sshd.authMethods.join(', '), wanted: 'publickey' })];
    });
    return outcomesOr(outcomes, pass(`only ${sshd.authMethods.join(', ')}`));
  },
  examples: [
    { name: 'keys only', facts: { sshd: exampleSshd() }, status: 'pass' },
    {
      name: 'passwords',
      facts: { sshd: exampleSshd({ authMethods: ['publickey', 'password'] }) },
      status: 'fail',
      subjects: ['password'],
    },
    { name: 'not asked', facts: { sshd: exampleSshd({ authMethods: [] }) }, status: 'not-applicable' },
    {
      name: 'asked in vain',
      facts: { sshd: exampleSshd({ authMethods: [], authMethodsHidden: 'no key exchange in common' }) },
      status: 'unknown',
    },
  ],
});
