import { z } from 'zod';
import { judgeScopes, notTold } from '../../src/analysis/sshd-settings.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleHostSshd } from '../../src/core/facts/examples-ssh.ts';
import { fail, pass } from '../../src/core/outcome.ts';

/** sshd_config(5), PermitRootLogin; "without-password" is the old name that `sshd -T` still prints. */
const BY_KEY = ['prohibit-password', 'without-password', 'forced-commands-only'];

export default defineCheck({
  id: 'ssh.root-login',
  title: 'Nobody logs in as root over SSH',
  category: 'ssh',
  severity: 'critical',
  since: '0.1.0',
  rationale:
    'Every attacker knows the name root, and what a person does as root carries no name of their own. With a password it is one guess away.',
  remediation: 'Set "PermitRootLogin no" and log in as yourself, then sudo. Reload: systemctl reload ssh.',
  references: ['https://man.openbsd.org/sshd_config#PermitRootLogin', 'CIS Debian Linux 12 Benchmark'],
  needs: ['host.sshd'],
  options: z.strictObject({
    allowKeys: z.boolean().default(false).describe('whether root may log in by key (prohibit-password)'),
  }),
  evaluate({ 'host.sshd': sshd }, { options }) {
    return judgeScopes(sshd, ['permitrootlogin', 'passwordauthentication', 'kbdinteractiveauthentication'], (scope) => {
      const value = scope.get('permitrootlogin');
      if (value === undefined) return notTold(scope, 'PermitRootLogin');
      const seen = `PermitRootLogin ${value}`;
      if (value === 'no') return pass('root cannot log in', { seen });
      const passwords = ['passwordauthentication', 'kbdinteractiveauthentication'].some(
        (key) => scope.get(key) !== 'no',
      );
      if (BY_KEY.includes(value) || !passwords) {
        if (options.allowKeys) return pass('root can log in by key only, which is allowed here', { seen });
        return fail(scope.subject, 'root can log in with a key', {
          seen,
          wanted: 'PermitRootLogin no',
          severity: 'medium',
        });
      }
      return fail(scope.subject, 'root can log in with a password', { seen, wanted: 'PermitRootLogin no' });
    });
  },
  examples: [
    { name: 'no log-in as root', facts: { 'host.sshd': exampleHostSshd() }, status: 'pass' },
    {
      name: 'root with a password',
      facts: { 'host.sshd': exampleHostSshd({ permitrootlogin: 'yes', passwordauthentication: 'yes' }) },
      status: 'fail',
      severity: 'critical',
    },
    {
      name: 'root by key',
      facts: { 'host.sshd': exampleHostSshd({ permitrootlogin: 'without-password' }) },
      status: 'fail',
      severity: 'medium',
    },
    {
      name: 'root by key, allowed',
      facts: { 'host.sshd': exampleHostSshd({ permitrootlogin: 'prohibit-password' }) },
      options: { allowKeys: true },
      status: 'pass',
    },
    {
      name: 'a Match block opens it again',
      facts: { 'host.sshd': exampleHostSshd({}, { permitrootlogin: 'yes', passwordauthentication: 'yes' }) },
      status: 'fail',
      subjects: ['Match User backup'],
    },
    {
      name: 'sshd could not be asked about a Match block',
      facts: { 'host.sshd': exampleHostSshd({}, null) },
      status: 'unknown',
      subjects: ['Match User backup'],
    },
  ],
});
