import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { AbsentError } from '../../src/core/collected.ts';
import type { FactKey } from '../../src/core/facts/index.ts';
import type { SshLogin } from '../../src/core/target.ts';
import { connectSsh } from '../../src/net/transport-ssh.ts';
import { hostProbe } from '../../src/probes/host/index.ts';
import type { Gathered } from '../../src/probes/probe.ts';
import { describeLab } from './lab/available.ts';
import { run } from './lab/host.ts';
import { createLab, type Lab, type LabHost } from './lab/index.ts';

async function look(ssh: SshLogin): Promise<{ facts: Gathered<FactKey>; connections: number }> {
  let connections = 0;
  const context = {
    signal: AbortSignal.timeout(60_000),
    now: () => 0,
    log() {},
    count(what: string) {
      if (what === 'connections') connections += 1;
    },
  };
  const base = { service: null, environment: 'test', labels: {}, firewall: null };
  const target = { ...base, kind: 'host', id: 'host', name: 'host', transport: 'ssh', ssh } as const;
  const facts = await hostProbe.collect(target, context, new Set<FactKey>(['login', 'sshd', 'host.os', 'host.sshd']));
  return { facts, connections };
}

function reasonFor(facts: Gathered<FactKey>, key: FactKey): string {
  const fact = facts[key];
  if (!fact || fact.ok) throw new Error(`${key} is not absent`);
  return `${fact.absence.kind}: ${fact.absence.reason}`;
}

const RELOAD = `kill -HUP "$(cat /run/sshd.pid)"; for i in $(seq 100); do sleep 0.05; [ -s /run/sshd.pid ] && ss -Htln | grep -q :22 && break; done`;

describeLab('a log-in with the program ssh', () => {
  let lab: Lab;
  let host: LabHost;
  let login: SshLogin;

  beforeAll(async () => {
    lab = await createLab();
    host = await lab.host({ name: 'hardened', profile: 'hardened' });
    login = loginTo(host);
  });
  afterAll(() => lab?.destroy());

  const loginTo = (to: LabHost): SshLogin => ({
    user: 'audit',
    host: to.address,
    port: 22,
    identity: to.identity,
    knownHosts: to.knownHosts,
    sudo: true,
    transport: 'openssh',
  });
  const path = (name: string) => join(lab.directory, name);

  it('sees the same as our own client, over one connection', async () => {
    const own = await look({ ...login, transport: 'builtin' });
    const theirs = await look(login);
    expect(theirs.connections).toBe(1);
    expect(theirs.facts['host.os']).toMatchObject({ ok: true, value: { hostname: 'hardened' } });
    const value = (facts: Gathered<FactKey>, key: FactKey) => (facts[key]?.ok ? facts[key].value : null);
    expect(value(theirs.facts, 'sshd')).toEqual(value(own.facts, 'sshd'));
    expect(value(theirs.facts, 'login')).toMatchObject({
      user: 'audit',
      refused: null,
      hostKey: { type: 'ssh-ed25519', status: 'match' },
      agreed: { kex: 'sntrup761x25519-sha512@openssh.com', cipher: 'chacha20-poly1305@openssh.com', mac: 'implicit' },
    });
    expect(theirs.facts['host.sshd']?.ok).toBe(true);
  });

  it('reaches a server with post-quantum key exchanges only, for which our own client is too old', async () => {
    const quantum = await lab.host({
      name: 'quantum',
      profile: 'hardened',
      setup: `sed -i 's/^KexAlgorithms.*/KexAlgorithms sntrup761x25519-sha512@openssh.com/' /etc/ssh/sshd_config; ${RELOAD}`,
    });
    const own = await look({ ...loginTo(quantum), transport: 'builtin' });
    expect(reasonFor(own.facts, 'host.os')).toMatch(/^missing-tool: client too old: .*ssh\.transport: openssh/);
    expect((await look(loginTo(quantum))).facts['host.os']).toMatchObject({ ok: true, value: { hostname: 'quantum' } });
    quantum.destroy();
  });

  it('logs in with a certificate', async () => {
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path('ca')]);
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path('user')]);
    await run('ssh-keygen', ['-q', '-s', path('ca'), '-I', 'auditor', '-n', 'audit', '-V', '+1h', path('user.pub')]);
    const trusting = await lab.host({
      name: 'trusting',
      profile: 'hardened',
      setup: `echo '${readFileSync(path('ca.pub'), 'utf8').trim()}' > /etc/ssh/ca.pub; rm /home/audit/.ssh/authorized_keys
        sed -i '2i TrustedUserCAKeys /etc/ssh/ca.pub' /etc/ssh/sshd_config; ${RELOAD}`,
    });
    const signed = { ...loginTo(trusting), identity: path('user') };
    expect((await look(signed)).facts['host.os']).toMatchObject({ ok: true, value: { hostname: 'trusting' } });
    const named = { ...signed, certificate: path('user-cert.pub') };
    expect((await look(named)).facts['host.os']?.ok).toBe(true);
    expect(reasonFor((await look(loginTo(trusting))).facts, 'host.os')).toMatch(
      /^denied: .*refused the log-in as "audit".*it accepts publickey/,
    );
    trusting.destroy();
  });

  it('goes through a jump host to one that is reached from there alone, and verifies both keys', async () => {
    const jump = await lab.host({
      name: 'jump',
      profile: 'hardened',
      setup: `sed -i 's/^AllowTcpForwarding no/AllowTcpForwarding yes/' /etc/ssh/sshd_config; ${RELOAD}`,
    });
    const inner = await lab.host({
      name: 'inner',
      profile: 'hardened',
      setup: `sed -i 's/tcp dport { 22 }/ip saddr ${jump.address} tcp dport { 22 }/' /etc/nftables.conf; nft -f /etc/nftables.conf`,
    });
    const both = path('both');
    writeFileSync(both, readFileSync(jump.knownHosts, 'utf8') + readFileSync(inner.knownHosts, 'utf8'));
    const through = { ...loginTo(inner), knownHosts: both, jump: [`audit@${jump.address}:22`] };
    const { facts } = await look(through);
    expect(facts['host.os']).toMatchObject({ ok: true, value: { hostname: 'inner' } });
    expect(facts.sshd).toMatchObject({ ok: true, value: { hostKeyAlgorithms: ['ssh-ed25519'] } });
    const stranger = await look({ ...through, knownHosts: inner.knownHosts });
    expect(reasonFor(stranger.facts, 'host.os')).toMatch(/^denied: a host key on the way/);
    jump.destroy();
    inner.destroy();
  });

  it('does not log in where the host key is another, unknown or revoked', async () => {
    const accepted = async () =>
      (await host.exec('grep -c Accepted /var/log/sshd.log', { check: false })).stdout.trim();
    const before = await accepted();
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path('other')]);
    const other = readFileSync(path('other.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
    writeFileSync(path('changed'), `${host.address} ${other}\n`);
    const changed = await look({ ...login, knownHosts: path('changed') });
    expect(reasonFor(changed.facts, 'host.os')).toMatch(/^denied: host key changed: .*no log-in was tried/);
    expect(changed.facts.login).toMatchObject({ ok: true, value: { hostKey: { status: 'changed' } } });
    expect(reasonFor((await look({ ...login, knownHosts: '/dev/null' })).facts, 'host.os')).toMatch(
      /^denied: host key unknown: .*SHA256:/,
    );
    const known = readFileSync(host.knownHosts, 'utf8');
    writeFileSync(path('revoked'), `${known}@revoked * ${known.trim().split(' ').slice(1).join(' ')}\n`);
    expect(reasonFor((await look({ ...login, knownHosts: path('revoked') })).facts, 'host.os')).toContain('revoked');
    expect(await accepted()).toBe(before);
  });

  it('takes a pinned fingerprint of whatever type', async () => {
    const two = await lab.host({
      name: 'two',
      profile: 'hardened',
      setup: `ssh-keygen -q -t rsa -b 3072 -N '' -f /etc/ssh/ssh_host_rsa_key
        sed -i 's/^HostKeyAlgorithms.*/HostKeyAlgorithms ssh-ed25519,rsa-sha2-512/; 2i HostKey /etc/ssh/ssh_host_rsa_key' /etc/ssh/sshd_config; ${RELOAD}`,
    });
    const pins = (await two.exec('for f in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf $f; done')).stdout.match(
      /SHA256:\S+/g,
    );
    expect(pins?.length).toBe(2);
    const { knownHosts: _, ...unpinned } = loginTo(two);
    for (const hostKey of pins ?? []) expect((await look({ ...unpinned, hostKey })).facts['host.os']?.ok).toBe(true);
    const wrong = await look({ ...unpinned, hostKey: `SHA256:${'A'.repeat(43)}` });
    expect(reasonFor(wrong.facts, 'host.os')).toMatch(/^denied: host key changed/);
    two.destroy();
  });

  it('says what is wrong without a word of what ssh printed', async () => {
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'a passphrase', '-f', path('locked')]);
    const locked = reasonFor((await look({ ...login, identity: path('locked') })).facts, 'host.os');
    expect(locked).toMatch(/^denied: /);
    for (const reason of [
      locked,
      reasonFor((await look({ ...login, port: 1, host: lab.address })).facts, 'host.os'),
      reasonFor((await look({ ...login, user: 'nobody-here' })).facts, 'host.os'),
      reasonFor((await look({ ...login, host: 'a b; rm -rf /' })).facts, 'host.os'),
    ]) {
      expect(reason).not.toMatch(/debug|OPENSSH PRIVATE|SSH_AUTH_SOCK/);
    }
    expect(reasonFor((await look({ ...login, port: 1, host: lab.address })).facts, 'host.os')).toContain(
      'refuses connections',
    );
    expect(reasonFor((await look({ ...login, identity: '/nowhere/key' })).facts, 'host.os')).toContain(
      'cannot be read',
    );
  });

  it.each(['openssh', 'builtin'] as const)(
    'leaves nothing running, here and there, when it is cancelled: %s',
    async (transport) => {
      const cancel = new AbortController();
      const transportLog = await connectSsh({ ...login, transport }, { signal: cancel.signal });
      const name = transport === 'openssh' ? '31001' : '31002';
      const running = transportLog.run(`sleep ${name} & sleep ${name}`, { signal: cancel.signal, maxBytes: 1_000 });
      running.catch(() => {});
      const there = async () =>
        Number((await host.exec(`pgrep -f "^sleep ${name}" | wc -l`, { check: false })).stdout.trim());
      await vi.waitFor(async () => expect(await there()).toBe(2), 20_000);
      cancel.abort(new AbsentError('timeout', 'cancelled'));
      await expect(running).rejects.toThrow('cancelled');
      transportLog.close();
      await vi.waitFor(async () => expect(await there()).toBe(0), 20_000);
      const here = () => spawnSync('ss', ['-Htn', 'dst', host.address], { encoding: 'utf8' }).stdout;
      await vi.waitFor(() => expect(here()).not.toContain('ESTAB'), 20_000);
    },
  );

  it.each(['openssh', 'builtin'] as const)('gives up a host that freezes: %s', async (transport) => {
    const cancel = new AbortController();
    const frozen = await lab.host({ name: `frozen-${transport}`, profile: 'hardened' });
    const connected = await connectSsh({ ...loginTo(frozen), transport }, { signal: cancel.signal });
    await frozen.exec('pkill -STOP sshd');
    const running = connected.run('echo never', { signal: cancel.signal, maxBytes: 1_000 });
    cancel.abort(new AbsentError('timeout', 'too late'));
    await expect(running).rejects.toThrow('too late');
    connected.close();
    const here = () => spawnSync('ss', ['-Htn', 'dst', frozen.address], { encoding: 'utf8' }).stdout;
    await vi.waitFor(() => expect(here()).not.toContain('ESTAB'), 20_000);
    await frozen.exec('pkill -CONT sshd');
    frozen.destroy();
  });

  it('bounds what it takes', async () => {
    const connected = await connectSsh(login, { signal: AbortSignal.timeout(60_000) });
    const result = await connected.run('head -c 50000000 /dev/zero', {
      signal: AbortSignal.timeout(60_000),
      maxBytes: 100_000,
    });
    expect(result.truncated).toBe(true);
    expect(result.stdout.length).toBeLessThan(200_000);
    const again = await connected.run('echo twice; exit 7', { signal: AbortSignal.timeout(60_000), maxBytes: 1_000 });
    expect([Buffer.from(again.stdout).toString().trim().split('\n').at(-1), again.exitCode]).toEqual(['twice', 7]);
    connected.close();
  });
});
