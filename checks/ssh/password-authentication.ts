import { judgeScopes, notTold } from '../../src/analysis/sshd-settings.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleHostSshd } from '../../src/core/facts/examples-ssh.ts';
import { fail, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'ssh.password-authentication',
  title: 'Passwords are not accepted for SSH log-ins',
  category: 'ssh',
  severity: 'high',
  since: '0.1.0',
  rationale:
    'A password can be guessed, phished and reused; a server with SSH open to the world is tried thousands of times a day.',
  remediation:
    'Set "PasswordAuthentication no" and "KbdInteractiveAuthentication no" in a drop-in that sorts first (/etc/ssh/sshd_config.d/00-keys-only.conf): the first value wins. Keep a session open while you reload.',
  references: ['https://man.openbsd.org/sshd_config#PasswordAuthentication', 'NIST IR 7966, section 5.1'],
  needs: ['host.sshd'],
  evaluate({ 'host.sshd': sshd }) {
    return judgeScopes(
      sshd,
      ['passwordauthentication', 'kbdinteractiveauthentication', 'authenticationmethods'],
      (scope) => {
        const password = scope.get('passwordauthentication');
        // Until OpenSSH 8.7 it had another name.
        const keyboard = scope.get('kbdinteractiveauthentication') ?? scope.get('challengeresponseauthentication');
        if (password === undefined) return notTold(scope, 'PasswordAuthentication');
        const methods = scope.get('authenticationmethods') ?? 'any';
        const ways = methods === 'any' ? [] : methods.split(' ');
        if (ways.length > 0 && ways.every((way) => way.split(',').some((method) => method.startsWith('publickey')))) {
          return pass('every way in needs a key', { seen: `AuthenticationMethods ${methods}` });
        }
        if (password !== 'no') {
          return fail(scope.subject, 'passwords are accepted', {
            seen: `PasswordAuthentication ${password}`,
            wanted: 'PasswordAuthentication no',
          });
        }
        if (keyboard !== undefined && keyboard !== 'no') {
          return fail(scope.subject, 'passwords are accepted by the keyboard-interactive way', {
            seen: `KbdInteractiveAuthentication ${keyboard}`,
            wanted: 'KbdInteractiveAuthentication no',
          });
        }
        return pass('passwords are not accepted');
      },
    );
  },
  examples: [
    { name: 'keys only', facts: { 'host.sshd': exampleHostSshd() }, status: 'pass' },
    { name: 'passwords', facts: { 'host.sshd': exampleHostSshd({ passwordauthentication: 'yes' }) }, status: 'fail' },
    {
      name: 'passwords through the back door',
      facts: { 'host.sshd': exampleHostSshd({ kbdinteractiveauthentication: 'yes' }) },
      status: 'fail',
    },
    {
      name: 'a password only on top of a key',
      facts: {
        'host.sshd': exampleHostSshd({ passwordauthentication: 'yes', authenticationmethods: 'publickey,password' }),
      },
      status: 'pass',
    },
    {
      name: 'a Match block accepts them',
      facts: { 'host.sshd': exampleHostSshd({}, { passwordauthentication: 'yes' }) },
      status: 'fail',
      subjects: ['Match User backup'],
    },
  ],
});
