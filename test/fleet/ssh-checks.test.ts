import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHECKS } from '../../checks/index.ts';
import { type AuditedTarget, auditTarget } from '../../src/audit/audit.ts';
import { metaOf } from '../../src/cli/audit-run.ts';
import { byCheck, worstStatus } from '../../src/core/finding.ts';
import type { EndpointTarget, HostTarget, Target } from '../../src/core/target.ts';
import { hostProbe } from '../../src/probes/host/index.ts';
import { sshdProbe } from '../../src/probes/sshd.ts';
import { prettyTarget } from '../../src/report/pretty.ts';
import { describeLab } from './lab/available.ts';
import { run } from './lab/host.ts';
import { createLab, type Lab, type LabHost } from './lab/index.ts';

const base = { service: null, environment: 'test', labels: {} };

function loginTo(host: LabHost, change: Partial<NonNullable<HostTarget['ssh']>> = {}): HostTarget {
  const ssh = {
    user: 'audit',
    host: host.address,
    port: 22,
    identity: host.identity,
    knownHosts: host.knownHosts,
    sudo: true,
  };
  return {
    ...base,
    kind: 'host',
    id: host.name,
    name: host.name,
    transport: 'ssh',
    firewall: null,
    ssh: { ...ssh, ...change },
  };
}

function endpoint(host: LabHost, change: Partial<EndpointTarget> = {}): EndpointTarget {
  const where = { url: `ssh://${host.address}:22`, host: host.address, port: 22 };
  return { ...base, kind: 'endpoint', id: host.name, name: host.name, protocol: 'ssh', ...where, ...change };
}

const crashes: string[] = [];

function audit(target: Target): Promise<AuditedTarget> {
  return auditTarget(target, {
    checks: CHECKS.filter((check) => check.category === 'ssh'),
    probes: [hostProbe, sshdProbe],
    recognise: async () => 'ssh',
    now: () => Date.parse('2026-11-20T00:00:00Z'),
    onCrash: (what, thrown) => crashes.push(`${what}: ${String(thrown)}`),
  });
}

/** Status of every check, and the subjects of what failed. */
function read({ report }: AuditedTarget) {
  const status: Record<string, string> = {};
  const failed: Record<string, string[]> = {};
  for (const [id, findings] of byCheck(report.findings)) {
    status[id] = worstStatus(findings.map((finding) => finding.status));
    failed[id] = findings.filter((finding) => finding.status === 'fail').map((finding) => finding.subject);
  }
  return { status, failed };
}

describeLab('the checks of SSH on real hosts', () => {
  let lab: Lab;
  let neglected: LabHost;
  let hardened: LabHost;

  beforeAll(async () => {
    lab = await createLab();
    [neglected, hardened] = await Promise.all([
      lab.host({ name: 'neglected', profile: 'neglected' }),
      lab.host({ name: 'hardened', profile: 'hardened' }),
    ]);
  });
  afterAll(() => {
    lab?.destroy();
    expect(crashes).toEqual([]);
  });

  it('fail on the neglected one', async () => {
    const audited = await audit(loginTo(neglected));
    const { status, failed } = read(audited);
    for (const id of [
      'ssh.root-login',
      'ssh.password-authentication',
      'ssh.empty-passwords',
      'ssh.kex',
      'ssh.ciphers',
      'ssh.macs',
      'ssh.host-key-algorithms',
      'ssh.auth-methods',
      'ssh.max-auth-tries',
      'ssh.login-grace',
      'ssh.max-startups',
      'ssh.x11-forwarding',
      'ssh.agent-forwarding',
      'ssh.tcp-forwarding',
      'ssh.tunnel',
      'ssh.host-based-auth',
      'ssh.user-environment',
      'ssh.strict-modes',
      'ssh.allow-list',
      'ssh.idle-timeout',
    ]) {
      expect(status[id], id).toBe('fail');
    }
    // The main file says no; what cloud-init left in a drop-in came first.
    expect(failed['ssh.password-authentication']).toEqual(['']);
    expect(failed['ssh.kex']).toEqual(['diffie-hellman-group1-sha1', 'diffie-hellman-group14-sha1']);
    expect(failed['ssh.auth-methods']).toContain('password');
    expect(status['ssh.host-key-pinned']).toBe('pass');
    expect(status['ssh.terrapin']).toBe('pass');
    // Before it advises to shut a door, the report says whether the auditor's own way in stays open.
    const own = audited.report.findings.find(({ check }) => check === 'ssh.password-authentication');
    expect(own?.details?.lockout).toEqual([{ who: 'audit by key', verdict: 'in', why: 'nothing stands in its way' }]);
    expect(own?.remediation).toContain("This audit's own log-in (audit by key) would still get in.");
    // The host tells the groups and the address of who looked, so a list of groups needs no guess: this one has no such group.
    const list = audited.report.findings.find(({ check }) => check === 'ssh.allow-list');
    expect(list?.details?.lockout).toMatchObject([{ verdict: 'out' }]);
    const settings = audited.bundle.facts['host.sshd'];
    expect(settings).toMatchObject({
      value: { account: { user: 'audit', groups: ['audit'], address: lab.address } },
    });
    expect(prettyTarget(audited.report, { color: false, width: 200, verbose: true, meta: metaOf })).toMatch(
      /locked out:\s+AllowGroups\s+names/,
    );
  });

  it('pass on the hardened one', async () => {
    const { status, failed } = read(await audit(loginTo(hardened)));
    const rest = Object.entries(status).filter(([id]) => status[id] !== 'pass' && id !== 'ssh.banner');
    expect(rest, JSON.stringify(failed)).toEqual([]);
    expect(status['ssh.post-quantum-kex']).toBe('pass');
  });

  it('judge each Match block for the connection that it is about', async () => {
    const host = await lab.host({
      name: 'match',
      profile: 'hardened',
      setup: `useradd -m deploy; groupadd -f operators; usermod -aG operators deploy
        printf '%s\\n' 'Match Address 10.0.0.0/8' '  PermitRootLogin yes' '  PasswordAuthentication yes' \\
          'Match Group operators' '  AllowTcpForwarding yes' 'Match Group nobody-is-in' '  X11Forwarding yes' >> /etc/ssh/sshd_config
        listening() { grep -c 'Server listening' /var/log/sshd.log; }
        before=$(listening); kill -HUP "$(cat /run/sshd.pid)"; until [ "$(listening)" -ge $((2 * before)) ]; do sleep 0.05; done`,
    });
    const { status, failed } = read(await audit(loginTo(host)));
    expect(failed['ssh.root-login']).toEqual(['Match Address 10.0.0.0/8']);
    expect(failed['ssh.tcp-forwarding']).toEqual(['Match Group operators']);
    // Nobody is in that group, so sshd cannot be asked what holds for its members.
    expect(status['ssh.x11-forwarding']).toBe('unknown');
    host.destroy();
  });

  it('see that a reload is owed', async () => {
    const host = await lab.host({ name: 'stale', profile: 'hardened' });
    await host.exec(
      `sed -i 's/^Ciphers.*/Ciphers aes256-gcm@openssh.com/' /etc/ssh/sshd_config; touch -d '+1 minute' /etc/ssh/sshd_config`,
    );
    const { failed } = read(await audit(loginTo(host)));
    expect(failed['ssh.effective-config']).toEqual(['Ciphers', '/etc/ssh/sshd_config']);
    host.destroy();
  });

  it('are unknown, not passed, without the right to look', async () => {
    const { status } = read(await audit(loginTo(hardened, { sudo: false })));
    for (const id of ['ssh.root-login', 'ssh.password-authentication', 'ssh.empty-passwords'])
      expect(status[id], id).toBe('unknown');
    expect(status['ssh.kex']).toBe('pass');
  });

  it('need no more of sudo than the documented lines, and say what they cannot read', async () => {
    const docs = readFileSync(join(import.meta.dirname, '../../docs/hosts.md'), 'utf8');
    const lines = [...docs.matchAll(/^audit ALL=.*$/gm)].map(([line]) => line);
    const host = await lab.host({
      name: 'least',
      profile: 'hardened',
      setup:
        "printf '%s\\n' 'Match User deploy' '  AllowTcpForwarding yes' >> /etc/ssh/sshd_config; chmod 600 /etc/ssh/sshd_config",
    });
    const allow = (given: readonly string[]) =>
      host.exec('cat > /etc/sudoers.d/audit && visudo -cq', { stdin: `${given.join('\n')}\n` });
    await allow(lines);
    expect(read(await audit(loginTo(host))).failed['ssh.tcp-forwarding']).toEqual(['Match User deploy']);
    // The arguments are held: no other file can be read through sshd.
    const other = await host.exec('sudo -n /usr/sbin/sshd -T -C user=x -f /etc/shadow', {
      user: 'audit',
      check: false,
    });
    expect(other.stderr).toMatch(/password is required|not allowed/);

    await allow(lines.filter((line) => !line.includes('cat /etc/ssh')));
    const { status } = read(await audit(loginTo(host)));
    expect(status['ssh.tcp-forwarding']).toBe('unknown');
    host.destroy();
  });

  it('judge a server without a log-in by what it shows everybody', async () => {
    const logIns = async () =>
      Number((await neglected.exec('grep -c "Failed\\|Accepted" /var/log/sshd.log', { check: false })).stdout);
    const before = await logIns();
    const bad = await audit(endpoint(neglected));
    const { status, failed } = read(bad);
    expect(failed['ssh.host-keys']).toEqual(['ssh-rsa']);
    expect(failed['ssh.kex']).toContain('diffie-hellman-group1-sha1');
    expect(status['ssh.host-key-pinned']).toBe('not-applicable');
    expect(bad.bundle.facts.sshd).toMatchObject({
      ok: true,
      value: {
        hostKeys: [
          { type: 'ssh-ed25519', bits: 256 },
          { type: 'ssh-rsa', bits: 1024 },
        ],
      },
    });
    expect(bad.caused.connections).toBe(2);
    expect((await logIns()) - before).toBeLessThanOrEqual(1);

    const good = await audit(endpoint(hardened, { knownHosts: hardened.knownHosts }));
    expect(read(good).status).toMatchObject({
      'ssh.host-key-pinned': 'pass',
      'ssh.kex': 'pass',
      'ssh.host-keys': 'pass',
    });
    const changed = await audit(endpoint(hardened, { hostKey: `SHA256:${'A'.repeat(43)}` }));
    expect(read(changed).status['ssh.host-key-pinned']).toBe('fail');
  });

  it.runIf(existsSync('/usr/sbin/dropbear'))('read dropbear too', async () => {
    const host = await lab.host({
      name: 'dropbear',
      profile: 'bare',
      setup: 'mkdir -p /etc/dropbear; dropbear -R -p 22',
    });
    const { status, failed } = read(await audit(endpoint(host)));
    expect(status['ssh.protocol-banner']).toBe('pass');
    expect([status['ssh.kex'], status['ssh.ciphers'], status['ssh.macs']]).not.toContain('unknown');
    expect(failed['ssh.kex']).toContain('diffie-hellman-group14-sha1');
    host.destroy();
  });

  it('list what is there exactly as the server was told', async () => {
    const { bundle } = await audit(endpoint(neglected));
    const told = (await neglected.exec('sshd -T')).stdout;
    const line = (key: string) => told.match(new RegExp(`^${key} (.*)$`, 'm'))?.[1]?.split(',');
    const sshd = bundle.facts.sshd;
    if (!sshd?.ok) throw new Error('no sshd');
    expect(sshd.value.ciphers).toEqual(line('ciphers'));
    expect(sshd.value.macs).toEqual(line('macs'));
    const keys = await run('ssh-keyscan', ['-T', '5', neglected.address]);
    expect(keys.stdout.split('\n').filter((key) => key.includes(' ssh-')).length).toBe(sshd.value.hostKeys.length);
  });
});
