import { defineCheck } from '../../src/core/check.ts';
import { exampleSshd } from '../../src/core/facts/examples-ssh.ts';
import { fail, pass } from '../../src/core/outcome.ts';
import { POST_QUANTUM_KEX } from '../../src/knowledge/ssh-algorithms.ts';

export default defineCheck({
  id: 'ssh.post-quantum-kex',
  title: 'A key exchange that resists quantum computers is offered',
  category: 'ssh',
  severity: 'low',
  since: '0.1.0',
  rationale:
    'Sessions recorded today can be read once a large quantum computer exists, unless one of the hybrid key exchanges was used.',
  remediation:
    'OpenSSH offers sntrup761x25519-sha512 since 9.0 and mlkem768x25519-sha256 since 9.9: put one first in KexAlgorithms, and keep curve25519-sha256 behind it for clients (this auditor among them) that know neither.',
  references: ['https://www.openssh.com/pq.html'],
  needs: ['sshd'],
  evaluate({ sshd }) {
    const found = sshd.kex.filter((name) => POST_QUANTUM_KEX.test(name));
    if (found.length > 0) return pass(`offers ${found.join(', ')}`);
    return fail('', 'no key exchange offered resists quantum computers', { wanted: 'mlkem768x25519-sha256' });
  },
  examples: [
    { name: 'sntrup', facts: { sshd: exampleSshd({ kex: ['sntrup761x25519-sha512@openssh.com'] }) }, status: 'pass' },
    { name: 'only elliptic curves', facts: { sshd: exampleSshd() }, status: 'fail' },
  ],
});
