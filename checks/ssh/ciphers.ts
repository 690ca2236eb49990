import { judgeAlgorithms } from '../../src/analysis/sshd-algorithms.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleSshd } from '../../src/core/facts/examples-ssh.ts';
import { unknown } from '../../src/core/outcome.ts';
import { CIPHER_RULES } from '../../src/knowledge/ssh-algorithms.ts';

export default defineCheck({
  id: 'ssh.ciphers',
  title: 'Only strong ciphers are offered',
  category: 'ssh',
  severity: 'high',
  since: '0.1.0',
  rationale: 'A client and an attacker between may settle on the weakest cipher that is offered.',
  remediation: 'Name only good ones in Ciphers, check with "sshd -t", and reload. Keep one that your own clients know.',
  references: ['RFC 4344', 'https://man.openbsd.org/sshd_config#Ciphers'],
  needs: ['sshd'],
  evaluate({ sshd }) {
    const offered = sshd.ciphers;
    if (offered.length === 0) return unknown('', 'the server offered no cipher');
    return judgeAlgorithms(offered, CIPHER_RULES, { kind: 'cipher', keyword: 'Ciphers' });
  },
  examples: [
    { name: 'modern', facts: { sshd: exampleSshd() }, status: 'pass' },
    {
      name: 'old ones beside it',
      facts: { sshd: exampleSshd({ ciphers: ['aes256-gcm@openssh.com', '3des-cbc', 'aes128-cbc'] }) },
      status: 'fail',
      subjects: ['3des-cbc', 'aes128-cbc'],
    },
  ],
});
