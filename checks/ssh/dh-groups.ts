import { z } from 'zod';
import { defineCheck } from '../../src/core/check.ts';
import { exampleHostSshd, exampleSshd } from '../../src/core/facts/examples-ssh.ts';
import { fail, type Outcome, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

/** RFC 4419: key exchanges whose group the server chooses. */
const GEX = /^diffie-hellman-group-exchange-/;
/** OpenSSH gives nothing smaller since 7.2, whatever its file holds. */
const OPENSSH_FLOOR = 2048;

const asked = (bits: number | null, change: { min?: number; preferred?: number; max?: number } = {}) => ({
  algorithm: 'diffie-hellman-group-exchange-sha256',
  min: 1024,
  preferred: 1024,
  max: 8192,
  ...change,
  bits,
});
const gex = { kex: ['diffie-hellman-group-exchange-sha256'] };

export default defineCheck({
  id: 'ssh.dh-groups',
  title: 'Diffie-Hellman groups are large enough',
  category: 'ssh',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'With group exchange the server picks the modulus. One of 1024 bits can be broken by a state once and then for everybody who uses it (Logjam).',
  remediation:
    "Keep only large groups: awk '$5 >= 2047' /etc/ssh/moduli > /etc/ssh/moduli.safe, look at it, move it over /etc/ssh/moduli; or turn the group exchange off: KexAlgorithms -diffie-hellman-group-exchange-*.",
  references: ['RFC 4419, section 3', 'https://weakdh.org', 'https://www.openssh.com/txt/release-7.2'],
  needs: ['sshd'],
  wants: ['host.sshd'],
  options: z.strictObject({ minBits: z.number().int().min(1024).max(8192).default(2048) }),
  evaluate({ sshd, 'host.sshd': host }, { options: { minBits } }) {
    if (!sshd.kex.some((name) => GEX.test(name)))
      return pass('no group exchange is offered; groups with a fixed size are judged by their name in ssh.kex');
    if (sshd.groups !== undefined) return judgeAsked(sshd.groups, minBits);
    const moduli = host?.moduli;
    if (!moduli) return unknown('', 'the server was not asked for groups, and /etc/ssh/moduli could not be read');
    const floor = atLeast72(sshd.banner) ? OPENSSH_FLOOR : 0;
    const smallest = Math.max(moduli.smallest, floor);
    const seen = `smallest in /etc/ssh/moduli: ${moduli.smallest} bits`;
    if (smallest >= minBits) return pass(`groups of ${smallest} bits and more`, { seen });
    return fail('/etc/ssh/moduli', `groups of ${smallest} bits are given`, { seen, wanted: `${minBits} bits or more` });
  },
  examples: [
    {
      name: 'asked for a small group, it gives 2048 bits',
      facts: { sshd: exampleSshd({ ...gex, groups: [asked(2048)] }) },
      status: 'pass',
    },
    {
      name: 'it gives 1024 bits',
      facts: { sshd: exampleSshd({ ...gex, groups: [asked(1024)] }) },
      status: 'fail',
      subjects: ['diffie-hellman-group-exchange-sha256'],
    },
    {
      name: 'large by itself, small where a client insists',
      facts: { sshd: exampleSshd({ ...gex, groups: [asked(4096), asked(1536, { min: 512, max: 1536 })] }) },
      status: 'fail',
    },
    {
      name: 'it refuses who insists on small ones',
      facts: { sshd: exampleSshd({ ...gex, groups: [asked(3072), asked(null, { min: 512, max: 1536 })] }) },
      status: 'pass',
    },
    { name: 'no answer at all', facts: { sshd: exampleSshd({ ...gex, groups: [asked(null)] }) }, status: 'unknown' },
    { name: 'no group exchange', facts: { sshd: exampleSshd() }, status: 'pass' },
    {
      name: 'by the file of the host',
      facts: { sshd: exampleSshd(gex), 'host.sshd': { ...exampleHostSshd(), moduli: { smallest: 2048, count: 200 } } },
      status: 'pass',
    },
    {
      name: 'a stricter demand',
      facts: { sshd: exampleSshd(gex), 'host.sshd': { ...exampleHostSshd(), moduli: { smallest: 1024, count: 200 } } },
      options: { minBits: 3072 },
      status: 'fail',
      subjects: ['/etc/ssh/moduli'],
    },
    { name: 'nobody looked', facts: { sshd: exampleSshd(gex) }, status: 'unknown' },
  ],
});

type Group = ReturnType<typeof asked>;

function judgeAsked(groups: readonly Group[], minBits: number) {
  const outcomes = new Map<string, Outcome>();
  let smallest = Number.POSITIVE_INFINITY;
  for (const { algorithm, min, preferred, max, bits } of groups) {
    if (bits === null) continue;
    smallest = Math.min(smallest, bits);
    if (bits < minBits && bits === smallest) {
      const seen = `${bits} bits for a client that asked for ${min} to ${max}, best ${preferred}`;
      outcomes.set(
        algorithm,
        fail(algorithm, `a group of ${bits} bits was given`, { seen, wanted: `${minBits} bits or more` }),
      );
    }
  }
  if (smallest === Number.POSITIVE_INFINITY) return unknown('', 'the server gave no group of any size');
  return outcomesOr([...outcomes.values()], pass(`the smallest group given has ${smallest} bits`));
}

function atLeast72(banner: string): boolean {
  const version = /OpenSSH_(\d+)\.(\d+)/.exec(banner);
  return version !== null && Number(version[1]) * 100 + Number(version[2]) >= 702;
}
