import { defineCheck } from '../../src/core/check.ts';
import { exampleSshd } from '../../src/core/facts/examples-ssh.ts';
import { fail, type Outcome, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

const key = (type: string, bits: number | null) => ({ type, bits, fingerprint: 'SHA256:example' });

export default defineCheck({
  id: 'ssh.host-keys',
  title: 'Host keys are long enough',
  category: 'ssh',
  severity: 'high',
  since: '0.1.0',
  rationale: 'Who can compute a host key from its public half can pose as this server to everybody who trusts it.',
  remediation:
    'Make new ones: ssh-keygen -t ed25519 -f /etc/ssh/ssh_host_ed25519_key; ssh-keygen -t rsa -b 3072 -f /etc/ssh/ssh_host_rsa_key; remove ssh_host_dsa_key; reload, and tell the users the new fingerprints.',
  references: ['NIST SP 800-57 Part 1 Rev. 5, table 2', 'https://www.openssh.com/txt/release-7.0'],
  needs: ['sshd'],
  evaluate({ sshd }) {
    const keys = sshd.hostKeys.flatMap(({ authority, ...own }) =>
      authority ? [own, { ...authority, subject: `authority of ${own.type}` }] : [own],
    );
    const outcomes = keys.map((hostKey): Outcome => {
      const { bits } = hostKey;
      const type = 'subject' in hostKey ? hostKey.subject : hostKey.type;
      const seen = `${hostKey.type} ${bits ?? '?'} ${hostKey.fingerprint}`;
      if (/^ssh-dss(?:-cert|$)/.test(hostKey.type)) return fail(type, 'DSA keys are broken', { seen });
      if (bits === null) return unknown(type, `the size of a ${type} key cannot be told`, { seen });
      if (!/^ssh-rsa(?:-cert|$)/.test(hostKey.type))
        return pass(`${hostKey.type} with ${bits} bits`, { subject: type, seen });
      if (bits >= 3072) return pass(`RSA with ${bits} bits`, { subject: type, seen });
      const severity = bits < 2048 ? 'high' : 'medium';
      return fail(type, `an RSA key of ${bits} bits`, { seen, wanted: 'RSA with 3072 bits or more', severity });
    });
    return outcomesOr(outcomes, unknown('', 'the server showed no host key'));
  },
  examples: [
    { name: 'ed25519', facts: { sshd: exampleSshd() }, status: 'pass' },
    {
      name: 'RSA with 1024 bits',
      facts: { sshd: exampleSshd({ hostKeys: [key('ssh-rsa', 1024)] }) },
      status: 'fail',
      severity: 'high',
      subjects: ['ssh-rsa'],
    },
    {
      name: 'RSA with 2048 bits',
      facts: { sshd: exampleSshd({ hostKeys: [key('ssh-rsa', 2048)] }) },
      status: 'fail',
      severity: 'medium',
    },
    { name: 'RSA with 4096 bits', facts: { sshd: exampleSshd({ hostKeys: [key('ssh-rsa', 4096)] }) }, status: 'pass' },
    { name: 'DSA', facts: { sshd: exampleSshd({ hostKeys: [key('ssh-dss', 1024)] }) }, status: 'fail' },
    {
      name: 'a certificate that a short key signed',
      facts: {
        sshd: exampleSshd({
          hostKeys: [{ ...key('ssh-ed25519-cert-v01@openssh.com', 256), authority: key('ssh-rsa', 1024) }],
        }),
      },
      status: 'fail',
      subjects: ['authority of ssh-ed25519-cert-v01@openssh.com'],
    },
    { name: 'none seen', facts: { sshd: exampleSshd({ hostKeys: [] }) }, status: 'unknown' },
  ],
});
