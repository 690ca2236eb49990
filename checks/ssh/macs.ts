import { judgeAlgorithms } from '../../src/analysis/sshd-algorithms.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleSshd } from '../../src/core/facts/examples-ssh.ts';
import { unknown } from '../../src/core/outcome.ts';
import { MAC_RULES } from '../../src/knowledge/ssh-algorithms.ts';

export default defineCheck({
  id: 'ssh.macs',
  title: 'Only strong message authentication codes are offered',
  category: 'ssh',
  severity: 'high',
  since: '0.1.0',
  rationale: 'The code is what tells an altered packet from a genuine one.',
  remediation: 'Name only good ones in MACs, check with "sshd -t", and reload. Keep one that your own clients know.',
  references: ['RFC 6668', 'https://man.openbsd.org/sshd_config#MACs'],
  needs: ['sshd'],
  evaluate({ sshd }) {
    const offered = sshd.macs;
    if (offered.length === 0) return unknown('', 'the server offered no message authentication code');
    return judgeAlgorithms(offered, MAC_RULES, { kind: 'message authentication code', keyword: 'MACs' });
  },
  examples: [
    { name: 'modern', facts: { sshd: exampleSshd() }, status: 'pass' },
    {
      name: 'old ones beside it',
      facts: { sshd: exampleSshd({ macs: ['hmac-sha2-256-etm@openssh.com', 'hmac-md5', 'hmac-sha1'] }) },
      status: 'fail',
      subjects: ['hmac-md5', 'hmac-sha1'],
    },
  ],
});
