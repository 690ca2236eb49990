import { defineCheck } from '../../src/core/check.ts';
import { exampleHostSshd, exampleSshd } from '../../src/core/facts/examples-ssh.ts';
import type { HostSshdFacts } from '../../src/core/facts/host-sshd.ts';
import type { SshdFacts } from '../../src/core/facts/sshd.ts';
import { fail, type Outcome, outcomesOr, pass } from '../../src/core/outcome.ts';
import { KEX_SIGNALS } from '../../src/knowledge/ssh-algorithms.ts';

/** Lists that both sides print: the keyword of `sshd -T` and the list on the wire. */
const LISTS: readonly (readonly [string, string, (sshd: SshdFacts) => string[]])[] = [
  ['kexalgorithms', 'KexAlgorithms', (sshd) => sshd.kex.filter((name) => !KEX_SIGNALS.test(name))],
  ['ciphers', 'Ciphers', (sshd) => sshd.ciphers],
  ['macs', 'MACs', (sshd) => sshd.macs],
];

function differences(files: HostSshdFacts, wire: SshdFacts): Outcome[] {
  return LISTS.flatMap(([key, keyword, onWire]) => {
    const written = files.effective[key]?.[0]?.split(',') ?? [];
    const running = onWire(wire);
    if (written.length === 0 || running.length === 0) return [];
    const more = running.filter((name) => !written.includes(name));
    const less = written.filter((name) => !running.includes(name));
    if (more.length === 0 && less.length === 0) return [];
    return [
      fail(
        keyword,
        `the running server offers another list than its files say: ${more.length} more, ${less.length} fewer`,
        {
          seen: running.join(','),
          wanted: written.join(','),
        },
      ),
    ];
  });
}

export default defineCheck({
  id: 'ssh.effective-config',
  title: 'The running SSH server uses the configuration on disk',
  category: 'ssh',
  severity: 'high',
  since: '0.1.0',
  rationale: 'A hardened file that was never loaded protects nobody, and an audit of files alone would praise it.',
  remediation: 'Check with "sshd -t", then reload: systemctl reload ssh.',
  references: ['https://man.openbsd.org/sshd#T', 'https://man.openbsd.org/sshd#SIGHUP'],
  needs: ['host.sshd'],
  wants: ['sshd'],
  evaluate({ 'host.sshd': files, sshd: wire }) {
    const outcomes = wire ? differences(files, wire) : [];
    const { loadedAt } = files;
    const newer = loadedAt === null ? [] : files.files.filter((file) => file.modifiedAt > loadedAt);
    for (const { path } of newer) {
      outcomes.push(
        fail(path, 'the file was changed after the server had read it', {
          severity: 'medium',
          location: { file: path },
        }),
      );
    }
    const compared = [
      ...(wire ? ['its lists on the wire'] : []),
      ...(loadedAt === null ? [] : ['the age of its files']),
    ];
    if (compared.length === 0) return { status: 'unknown', subject: '', message: 'no running server to compare with' };
    return outcomesOr(outcomes, pass(`the same by ${compared.join(' and ')}`));
  },
  examples: [
    {
      name: 'the same on disk and wire',
      facts: { 'host.sshd': exampleHostSshd(), sshd: exampleSshd() },
      status: 'pass',
    },
    {
      name: 'a reload is owed',
      facts: { 'host.sshd': exampleHostSshd(), sshd: exampleSshd({ ciphers: ['aes256-gcm@openssh.com', '3des-cbc'] }) },
      status: 'fail',
      subjects: ['Ciphers'],
    },
    {
      name: "a file is newer than the daemon's knowledge",
      facts: { 'host.sshd': { ...exampleHostSshd(), loadedAt: Date.parse('2026-09-01T00:00:00Z') } },
      status: 'fail',
      subjects: ['/etc/ssh/sshd_config'],
    },
    { name: 'no server runs', facts: { 'host.sshd': { ...exampleHostSshd(), loadedAt: null } }, status: 'unknown' },
  ],
});
