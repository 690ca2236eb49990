import { defineCheck } from '../../src/core/check.ts';
import { exampleSshd } from '../../src/core/facts/examples-ssh.ts';
import { fail, pass } from '../../src/core/outcome.ts';

const STRICT = 'kex-strict-s-v00@openssh.com';

export default defineCheck({
  id: 'ssh.terrapin',
  title: 'Messages of the handshake cannot be cut out (Terrapin)',
  category: 'ssh',
  severity: 'high',
  since: '0.1.0',
  rationale:
    'Somebody between client and server can delete messages at the start of a session, and so turn off protections, where a server has neither strict key exchange nor ciphers that resist it.',
  remediation:
    "Update the SSH server (OpenSSH 9.6, Dropbear 2024.84, or the distribution's fix); until then turn off chacha20-poly1305@openssh.com and the *-cbc ciphers with *-etm MACs.",
  references: ['https://terrapin-attack.com', 'https://nvd.nist.gov/vuln/detail/CVE-2023-48795'],
  needs: ['sshd'],
  evaluate({ sshd }) {
    // Both sides must know strict key exchange; of this pair we judge the server.
    if (sshd.kex.includes(STRICT)) return pass('strict key exchange is offered', { seen: STRICT });
    const stream = sshd.ciphers.filter((name) => name === 'chacha20-poly1305@openssh.com');
    const blocks = sshd.ciphers.filter((name) => /-cbc(?:@|$)/.test(name));
    const etm = sshd.macs.filter((name) => name.includes('-etm@'));
    const open = [...stream, ...(etm.length > 0 ? blocks : [])];
    if (open.length === 0) return pass('no cipher that it needs is offered');
    return fail('', `no strict key exchange, and ${open.join(', ')} can be attacked`, {
      seen: open.join(', '),
      wanted: STRICT,
      severity: stream.length > 0 ? 'high' : 'medium',
    });
  },
  examples: [
    {
      name: 'strict key exchange',
      facts: { sshd: exampleSshd({ ciphers: ['chacha20-poly1305@openssh.com'] }) },
      status: 'pass',
    },
    {
      name: 'without it',
      facts: { sshd: exampleSshd({ kex: ['curve25519-sha256'], ciphers: ['chacha20-poly1305@openssh.com'] }) },
      status: 'fail',
      severity: 'high',
    },
    {
      name: 'CBC with encrypt-then-MAC',
      facts: { sshd: exampleSshd({ kex: ['curve25519-sha256'], ciphers: ['aes256-cbc'] }) },
      status: 'fail',
      severity: 'medium',
    },
    { name: 'only ciphers that resist', facts: { sshd: exampleSshd({ kex: ['curve25519-sha256'] }) }, status: 'pass' },
  ],
});
