import { judgeAlgorithms } from '../../src/analysis/sshd-algorithms.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleSshd } from '../../src/core/facts/examples-ssh.ts';
import { unknown } from '../../src/core/outcome.ts';
import { HOST_KEY_RULES } from '../../src/knowledge/ssh-algorithms.ts';

export default defineCheck({
  id: 'ssh.host-key-algorithms',
  title: 'Host keys are proven with strong signatures',
  category: 'ssh',
  severity: 'high',
  since: '0.1.0',
  rationale: 'The signature of the host key is what tells this server from an impostor.',
  remediation:
    'Name only good ones in HostKeyAlgorithms, check with "sshd -t", and reload. Keep one that your own clients know.',
  references: ['RFC 8332', 'https://man.openbsd.org/sshd_config#HostKeyAlgorithms'],
  needs: ['sshd'],
  evaluate({ sshd }) {
    const offered = sshd.hostKeyAlgorithms;
    if (offered.length === 0) return unknown('', 'the server offered no host key algorithm');
    return judgeAlgorithms(offered, HOST_KEY_RULES, { kind: 'host key algorithm', keyword: 'HostKeyAlgorithms' });
  },
  examples: [
    { name: 'modern', facts: { sshd: exampleSshd() }, status: 'pass' },
    {
      name: 'old ones beside it',
      facts: { sshd: exampleSshd({ hostKeyAlgorithms: ['ssh-ed25519', 'rsa-sha2-512', 'ssh-rsa', 'ssh-dss'] }) },
      status: 'fail',
      subjects: ['ssh-rsa', 'ssh-dss'],
    },
  ],
});
