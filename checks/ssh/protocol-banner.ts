import { defineCheck } from '../../src/core/check.ts';
import { exampleSshd } from '../../src/core/facts/examples-ssh.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'ssh.protocol-banner',
  title: 'Only SSH protocol 2 is spoken',
  category: 'ssh',
  severity: 'high',
  since: '0.1.0',
  rationale:
    'Protocol 1 can be read and altered by anybody between. The version of the software is not judged: distributions repair old versions without renaming them.',
  remediation: 'Set "Protocol 2", or update: OpenSSH 7.4 and later know nothing else.',
  references: ['RFC 4253, section 5', 'https://www.kb.cert.org/vuls/id/684820'],
  needs: ['sshd'],
  evaluate({ sshd }) {
    const version = /^SSH-([\d.]+)-/.exec(sshd.banner)?.[1];
    if (version === undefined) return unknown('', 'the server named no protocol version', { seen: sshd.banner });
    // RFC 4253, 5.1: 1.99 means that protocol 1 is spoken beside 2.
    if (version === '2.0') return pass('protocol 2 only', { seen: sshd.banner });
    return fail('', version === '1.99' ? 'protocol 1 is spoken beside 2' : `protocol ${version}`, {
      seen: sshd.banner,
      wanted: 'SSH-2.0-',
    });
  },
  examples: [
    { name: 'protocol 2', facts: { sshd: exampleSshd() }, status: 'pass' },
    { name: 'both', facts: { sshd: exampleSshd({ banner: 'SSH-1.99-OpenSSH_3.9p1' }) }, status: 'fail' },
    { name: 'no SSH banner', facts: { sshd: exampleSshd({ banner: '' }) }, status: 'unknown' },
  ],
});
