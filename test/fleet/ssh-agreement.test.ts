import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHECKS } from '../../checks/index.ts';
import { auditTarget } from '../../src/audit/audit.ts';
import type { SshdFacts } from '../../src/core/facts/sshd.ts';
import type { Finding } from '../../src/core/finding.ts';
import type { EndpointTarget } from '../../src/core/target.ts';
import { sshdProbe } from '../../src/probes/sshd.ts';
import { explains, explanations, hasSshAudit } from '../support/ssh-audit.ts';
import { describeLab } from './lab/available.ts';
import { run } from './lab/host.ts';
import { createLab, type Lab, type LabHost } from './lab/index.ts';

const KEYS = `for type in rsa ecdsa ed25519; do ssh-keygen -q -t $type -N '' -f /etc/ssh/ssh_host_$type\\_key; done`;

/** Everything that this OpenSSH still knows, short keys, and certificates for them. */
const LEGACY = `
ssh-keygen -q -t rsa -b 1024 -N '' -f /etc/ssh/ssh_host_rsa_key
ssh-keygen -q -t dsa -N '' -f /etc/ssh/ssh_host_dsa_key
ssh-keygen -q -t ecdsa -b 521 -N '' -f /etc/ssh/ssh_host_ecdsa_key
ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
ssh-keygen -q -t rsa -b 2048 -N '' -f /root/ca
ssh-keygen -q -s /root/ca -h -I host -n legacy /etc/ssh/ssh_host_ed25519_key.pub
all() { ssh -Q "$1" | paste -sd, -; }
{
  for type in rsa dsa ecdsa ed25519; do echo "HostKey /etc/ssh/ssh_host_$type""_key"; done
  echo "HostCertificate /etc/ssh/ssh_host_ed25519_key-cert.pub"
  echo "RequiredRSASize 1024"; echo "UsePAM no"; echo "PasswordAuthentication yes"
  echo "KexAlgorithms $(all kex)"; echo "Ciphers $(all cipher)"; echo "MACs $(all mac)"
  echo "HostKeyAlgorithms $(ssh -Q HostKeyAlgorithms | grep -v '^sk-\\|webauthn' | paste -sd, -)"
} > /etc/ssh/sshd_config
/usr/sbin/sshd -E /var/log/sshd.log`;

const TINYSSH = `
tinysshd-makekey -q /etc/tinyssh/keys || { mkdir -p /etc/tinyssh; tinysshd-makekey -q /etc/tinyssh/keys; }
setsid '${process.execPath}' -e '
const { spawn } = require("child_process");
require("net").createServer((s) => {
  const c = spawn("/usr/sbin/tinysshd", ["/etc/tinyssh/keys"], { stdio: ["pipe", "pipe", "ignore"] });
  for (const stream of [s, c.stdin, c.stdout]) stream.on("error", () => {});
  s.pipe(c.stdin); c.stdout.pipe(s); s.on("close", () => c.kill());
}).listen(22, "0.0.0.0")' >/dev/null 2>&1 </dev/null &
for i in $(seq 300); do (exec 3<>/dev/tcp/127.0.0.1/22) 2>/dev/null && break; sleep 0.05; done`;

interface Judged {
  sshd: SshdFacts;
  findings: Finding[];
  connections: number;
}

async function judge(host: LabHost): Promise<Judged> {
  const target: EndpointTarget = {
    ...{ kind: 'endpoint', id: host.name, name: host.name, service: null, environment: 'test', labels: {} },
    ...{ protocol: 'ssh', url: `ssh://${host.address}:22`, host: host.address, port: 22 },
  };
  const { report, bundle, caused } = await auditTarget(target, {
    checks: CHECKS.filter((check) => check.category === 'ssh'),
    probes: [sshdProbe],
    recognise: async () => 'ssh',
    now: Date.now,
  });
  if (!bundle.facts.sshd?.ok) throw new Error(JSON.stringify(bundle.facts.sshd));
  return { sshd: bundle.facts.sshd.value, findings: report.findings, connections: caused.connections };
}

/** What ssh-audit fails or warns about: `(enc) 3des-cbc -- [fail] using broken & deprecated 3DES cipher`. */
async function complaints(host: LabHost): Promise<{ list: string; name: string; text: string }[]> {
  const { stdout } = await run('ssh-audit', ['-n', '-b', '-l', 'warn', host.address], { check: false });
  return [...stdout.matchAll(/^\((kex|key|enc|mac)\) (\S+).*?-- \[(?:fail|warn)\] (.*)$/gm)].map((match) => ({
    list: match[1] ?? '',
    name: match[2] ?? '',
    text: match[0],
  }));
}

const CHECK_OF: Record<string, string[]> = {
  kex: ['ssh.kex', 'ssh.dh-groups'],
  key: ['ssh.host-key-algorithms', 'ssh.host-keys'],
  enc: ['ssh.ciphers'],
  mac: ['ssh.macs'],
};

describeLab('SSH servers on the wire', () => {
  let lab: Lab;
  const hosts = new Map<string, LabHost>();

  beforeAll(async () => {
    lab = await createLab();
    const bare = { profile: 'bare' } as const;
    const started = await Promise.all([
      lab.host({
        ...bare,
        name: 'debian',
        setup: `${KEYS}; : > /etc/ssh/sshd_config; /usr/sbin/sshd -E /var/log/sshd.log`,
      }),
      lab.host({ name: 'hardened', profile: 'hardened' }),
      lab.host({ ...bare, name: 'legacy', setup: LEGACY }),
      lab.host({ ...bare, name: 'dropbear', setup: 'mkdir -p /etc/dropbear; dropbear -R -p 22' }),
      lab.host({ ...bare, name: 'tinyssh', setup: TINYSSH }),
      lab.host({
        ...bare,
        name: 'quantum',
        setup: `${KEYS}; echo 'KexAlgorithms sntrup761x25519-sha512@openssh.com' > /etc/ssh/sshd_config; /usr/sbin/sshd -E /var/log/sshd.log`,
      }),
    ]);
    for (const host of started) hosts.set(host.name, host);
  });
  afterAll(() => lab?.destroy());

  const at = (name: string): LabHost => {
    const host = hosts.get(name);
    if (!host) throw new Error(`no host ${name}`);
    return host;
  };

  it.runIf(hasSshAudit).each(['debian', 'hardened', 'legacy', 'dropbear', 'tinyssh', 'quantum'])(
    'leave nothing unjudged that ssh-audit fails or warns about: %s',
    async (name) => {
      const { findings } = await judge(at(name));
      const theirs = await complaints(at(name));
      if (name === 'legacy' || name === 'dropbear') expect(theirs.length).toBeGreaterThan(3);
      const lines = explanations();
      const unjudged = theirs.filter((one) => {
        const checks = CHECK_OF[one.list] ?? [];
        const failed = findings.some(
          (finding) =>
            checks.includes(finding.check) &&
            finding.status === 'fail' &&
            (finding.subject === one.name ||
              finding.subject === `authority of ${one.name}` ||
              finding.subject.replace('ssh-rsa', 'rsa-sha2') === one.name.slice(0, 8)),
        );
        return !failed && !lines.some((line) => explains(line, one));
      });
      expect(unjudged.map(({ text }) => text)).toEqual([]);
    },
  );

  it('show their keys of every type, each proven by a signature, certificates with who signed them', async () => {
    const { sshd } = await judge(at('legacy'));
    const told = (await at('legacy').exec('for f in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf $f; done')).stdout;
    const keys = sshd.hostKeys.filter(({ authority }) => !authority);
    expect(keys.map(({ type, bits }) => `${type} ${bits}`).sort()).toEqual([
      'ecdsa-sha2-nistp521 521',
      'ssh-dss 1024',
      'ssh-ed25519 256',
      'ssh-rsa 1024',
    ]);
    for (const key of keys) expect(told).toContain(`${key.bits} ${key.fingerprint} `);
    for (const key of keys) expect(key.proven, key.type).toBe(key.type === 'ssh-dss' ? null : true);
    const authority = (await at('legacy').exec('ssh-keygen -lf /root/ca.pub')).stdout.split(' ')[1];
    expect(sshd.hostKeys.find((key) => key.authority)).toMatchObject({
      type: 'ssh-ed25519-cert-v01@openssh.com',
      authority: { type: 'ssh-rsa', bits: 2048, fingerprint: authority },
    });
  });

  it('tell the size of their groups and their ways of logging in, and nobody has logged in', async () => {
    const { sshd, findings, connections } = await judge(at('debian'));
    expect(sshd.groups).toEqual([expect.objectContaining({ min: 1024, bits: 2048 })]);
    expect(sshd.authMethods).toEqual(['publickey', 'password', 'keyboard-interactive']);
    expect(connections).toBe(3);
    const status = (id: string) => findings.find(({ check }) => check === id)?.status;
    expect(status('ssh.dh-groups')).toBe('pass');
    expect(status('ssh.auth-methods')).toBe('fail');
    const log = (await at('debian').exec('cat /var/log/sshd.log')).stdout;
    expect(log).not.toMatch(/Accepted|Invalid user|Failed/);
  });

  it('answer with a host key although no client here can finish their key exchange', async () => {
    const { sshd, findings } = await judge(at('quantum'));
    expect(sshd.hostKeys.map(({ type, proven }) => [type, proven])).toEqual([
      ['ssh-ed25519', null],
      ['ssh-rsa', null],
      ['ecdsa-sha2-nistp256', null],
    ]);
    expect(findings.find(({ check }) => check === 'ssh.auth-methods')?.status).toBe('unknown');
  });

  it('withstand Terrapin or not, by strict key exchange and by their ciphers', async () => {
    const terrapin = async (host: LabHost) =>
      (await judge(host)).findings.find(({ check }) => check === 'ssh.terrapin')?.status;
    expect(await terrapin(at('debian'))).toBe('pass');
    // Dropbear of Debian 12 has the repair too; tinysshd 20230101 has not, and offers chacha20-poly1305 alone.
    const strict = (await judge(at('tinyssh'))).sshd.kex.includes('kex-strict-s-v00@openssh.com');
    expect(await terrapin(at('tinyssh'))).toBe(strict ? 'pass' : 'fail');
  });

  it('are all there', () => {
    for (const path of ['/usr/sbin/dropbear', '/usr/sbin/tinysshd']) expect(existsSync(path)).toBe(true);
  });
});
