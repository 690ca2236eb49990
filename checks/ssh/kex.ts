import { judgeAlgorithms } from '../../src/analysis/sshd-algorithms.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleSshd } from '../../src/core/facts/examples-ssh.ts';
import { unknown } from '../../src/core/outcome.ts';
import { KEX_RULES, KEX_SIGNALS } from '../../src/knowledge/ssh-algorithms.ts';

export default defineCheck({
  id: 'ssh.kex',
  title: 'Only strong key exchanges are offered',
  category: 'ssh',
  severity: 'high',
  since: '0.1.0',
  rationale:
    'The key exchange makes the keys of the session: who breaks it reads everything, also what was recorded years ago.',
  remediation:
    'Name only good ones in KexAlgorithms, check with "sshd -t", and reload. Keep one that your own clients know.',
  references: ['RFC 9142', 'https://man.openbsd.org/sshd_config#KexAlgorithms'],
  needs: ['sshd'],
  evaluate({ sshd }) {
    const offered = sshd.kex.filter((name) => !KEX_SIGNALS.test(name));
    if (offered.length === 0) return unknown('', 'the server offered no key exchange');
    return judgeAlgorithms(offered, KEX_RULES, { kind: 'key exchange', keyword: 'KexAlgorithms' });
  },
  examples: [
    { name: 'modern', facts: { sshd: exampleSshd() }, status: 'pass' },
    {
      name: 'old ones beside it',
      facts: {
        sshd: exampleSshd({ kex: ['curve25519-sha256', 'diffie-hellman-group1-sha1', 'diffie-hellman-group14-sha1'] }),
      },
      status: 'fail',
      subjects: ['diffie-hellman-group1-sha1', 'diffie-hellman-group14-sha1'],
    },
  ],
});
