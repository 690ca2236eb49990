import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { AbsentError } from '../../src/core/collected.ts';
import type { FactKey } from '../../src/core/facts/index.ts';
import type { SshLogin } from '../../src/core/target.ts';
import { collectHost, hostProbe } from '../../src/probes/host/index.ts';
import type { HostSection } from '../../src/probes/host/section.ts';
import type { Gathered } from '../../src/probes/probe.ts';
import { describeLab } from './lab/available.ts';
import { run } from './lab/host.ts';
import { createLab, type Lab, type LabHost } from './lab/index.ts';

const LOOK: readonly FactKey[] = ['login', 'sshd', 'host.os'];

interface Looked {
  facts: Gathered<FactKey>;
  connections: number;
}

async function look(
  ssh: SshLogin,
  more: { wanted?: readonly FactKey[]; sections?: readonly HostSection[]; signal?: AbortSignal } = {},
): Promise<Looked> {
  let connections = 0;
  const context = {
    signal: more.signal ?? AbortSignal.timeout(60_000),
    now: () => 0,
    log() {},
    count(what: string) {
      if (what === 'connections') connections += 1;
    },
  };
  const base = { service: null, environment: 'test', labels: {}, firewall: null };
  const target = { ...base, kind: 'host', id: 'host', name: 'host', transport: 'ssh', ssh } as const;
  const wanted = new Set(more.wanted ?? LOOK);
  const facts = more.sections
    ? await collectHost(target, context, wanted, more.sections)
    : await hostProbe.collect(target, context, wanted);
  return { facts, connections };
}

/** Why a fact is missing; fails the test where it is there. */
function absence(facts: Gathered<FactKey>, key: FactKey): { kind: string; reason: string } {
  const fact = facts[key];
  if (!fact || fact.ok) throw new Error(`${key} is not absent`);
  return fact.absence;
}

function loginOf(facts: Gathered<FactKey>) {
  if (!facts.login?.ok) throw new Error(`no login: ${JSON.stringify(facts.login)}`);
  return facts.login.value;
}

describeLab('a log-in over SSH', () => {
  let lab: Lab;
  let hardened: LabHost;
  let login: SshLogin;

  beforeAll(async () => {
    lab = await createLab();
    hardened = await lab.host({ name: 'hardened', profile: 'hardened' });
    login = {
      user: 'audit',
      host: hardened.address,
      port: 22,
      identity: hardened.identity,
      knownHosts: hardened.knownHosts,
      sudo: true,
    };
  });
  afterAll(() => lab?.destroy());

  it('reads the host and its own handshake over one connection', async () => {
    const { facts, connections } = await look(login);
    expect(connections).toBe(1);
    expect(facts['host.os']).toMatchObject({ ok: true, value: { hostname: 'hardened' } });
    expect(facts.sshd).toMatchObject({
      ok: true,
      value: { authMethods: ['publickey'], hostKeyAlgorithms: ['ssh-ed25519'] },
    });
    expect(loginOf(facts)).toMatchObject({ refused: null, hostKey: { status: 'match', type: 'ssh-ed25519' } });
  });

  it('works over IPv6', async () => {
    const { facts } = await look({ ...login, host: hardened.address6 });
    expect(facts['host.os']?.ok).toBe(true);
  });

  it('finds the host in a known_hosts file with hashed names', async () => {
    const path = join(lab.directory, 'hashed');
    writeFileSync(path, (await run('cat', [hardened.knownHosts])).stdout);
    await run('ssh-keygen', ['-q', '-H', '-f', path]);
    const { facts } = await look({ ...login, knownHosts: path });
    expect(loginOf(facts).hostKey).toMatchObject({ status: 'match', source: expect.stringMatching(/hashed:\d+$/) });
  });

  it('does not log in where the host key has changed, and says what it saw', async () => {
    const path = join(lab.directory, 'changed');
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(lab.directory, 'other')]);
    const { stdout } = await run('cat', [join(lab.directory, 'other.pub')]);
    writeFileSync(path, `${hardened.address} ${stdout.split(' ').slice(0, 2).join(' ')}\n`);
    const before = (await hardened.exec('grep -c Accepted /var/log/sshd.log', { check: false })).stdout;
    const { facts } = await look({ ...login, knownHosts: path });
    expect(absence(facts, 'host.os')).toMatchObject({
      kind: 'denied',
      reason: expect.stringMatching(/^host key changed: .*no log-in was tried/),
    });
    expect(loginOf(facts).hostKey.status).toBe('changed');
    expect(facts.sshd).toMatchObject({
      ok: true,
      value: { ciphers: expect.arrayContaining(['aes256-gcm@openssh.com']) },
    });
    expect((await hardened.exec('grep -c Accepted /var/log/sshd.log', { check: false })).stdout).toBe(before);
  });

  it('does not log in where the host is not known, and says how to enrol it', async () => {
    const { facts } = await look({ ...login, knownHosts: '/dev/null' });
    expect(absence(facts, 'host.os').reason).toMatch(/^host key unknown: .*SHA256:.*ssh-keygen -lf/);
    expect(loginOf(facts).hostKey.status).toBe('unknown');
  });

  it('refuses a revoked key', async () => {
    const path = join(lab.directory, 'revoked');
    const { stdout } = await run('cat', [hardened.knownHosts]);
    writeFileSync(path, `${stdout}@revoked * ${stdout.trim().split(' ').slice(1).join(' ')}\n`);
    const { facts } = await look({ ...login, knownHosts: path });
    expect(loginOf(facts).hostKey.status).toBe('revoked');
    expect(absence(facts, 'host.os').reason).toContain('revoked');
  });

  it('takes a pinned fingerprint, of whatever type', async () => {
    const pin = loginOf((await look(login)).facts).hostKey.fingerprint;
    const pinned: SshLogin = {
      user: 'audit',
      host: hardened.address,
      port: 22,
      identity: hardened.identity,
      sudo: true,
    };
    expect(loginOf((await look({ ...pinned, hostKey: pin })).facts).hostKey.status).toBe('match');
    const wrong = await look({ ...pinned, hostKey: `SHA256:${'A'.repeat(43)}` });
    expect(loginOf(wrong.facts).hostKey.status).toBe('changed');
  });

  it('says that a key is not accepted, and what would be', async () => {
    const identity = join(lab.directory, 'stranger');
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', identity]);
    const { facts } = await look({ ...login, identity });
    expect(absence(facts, 'host.os')).toMatchObject({
      kind: 'denied',
      reason: expect.stringMatching(/refused the log-in as "audit" with .*stranger; it accepts publickey/),
    });
    expect(loginOf(facts).refused).toContain('refused the log-in');
  });

  it('says that a key has a passphrase, that it is missing, that it is none', async () => {
    const locked = join(lab.directory, 'locked');
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'a passphrase', '-f', locked]);
    expect(absence((await look({ ...login, identity: locked })).facts, 'host.os').reason).toContain('has a passphrase');
    expect(absence((await look({ ...login, identity: '/nowhere/key' })).facts, 'host.os').reason).toContain(
      'cannot be read',
    );
    expect(absence((await look({ ...login, identity: '/etc/hostname' })).facts, 'host.os').reason).toContain(
      'is no private key',
    );
  });

  it('tells a closed port, a dropped one, one that never answers and one that is not SSH apart', async () => {
    const closed = await look({ ...login, host: lab.address, port: 1 });
    expect(absence(closed.facts, 'host.os')).toMatchObject({
      kind: 'unreachable',
      reason: expect.stringContaining('refuses connections'),
    });
    const dropped = look({ ...login, port: 2222 });

    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const http = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'.repeat(500)));
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const at = (server: typeof http) => ({
      ...login,
      host: '127.0.0.1',
      port: (server.address() as { port: number }).port,
    });
    const [mute, wrong] = await Promise.all([look(at(silent)), look(at(http))]);
    expect(absence(mute.facts, 'host.os').kind).toBe('timeout');
    expect(absence(wrong.facts, 'host.os').reason).toMatch(/is not SSH|no SSH log-in|closed the connection/);
    expect(absence((await dropped).facts, 'host.os')).toMatchObject({
      kind: 'timeout',
      reason: expect.stringContaining('dropped or down'),
    });
    silent.close();
    http.close();
  });

  it('says that it is too old for a server with newer algorithms only, and blames nobody', async () => {
    const modern = await lab.host({
      name: 'modern',
      profile: 'hardened',
      setup: `sed -i 's/^KexAlgorithms.*/KexAlgorithms sntrup761x25519-sha512@openssh.com/' /etc/ssh/sshd_config
        kill -HUP "$(cat /run/sshd.pid)"; for i in 1 2 3 4 5 6 7 8 9; do sleep 0.1; [ -s /run/sshd.pid ] && ss -Htln | grep -q :22 && break; done`,
    });
    const { facts } = await look({ ...login, host: modern.address, knownHosts: modern.knownHosts });
    expect(absence(facts, 'host.os')).toMatchObject({
      kind: 'missing-tool',
      reason: expect.stringMatching(/no key exchange.* in common; it offers sntrup761.*says nothing about the host/),
    });
    expect(facts.sshd).toMatchObject({
      ok: true,
      value: { ciphers: expect.arrayContaining(['aes128-gcm@openssh.com']) },
    });
    modern.destroy();
  });

  it('knows what it may not see without sudo', async () => {
    const { facts } = await look({ ...login, sudo: false }, { wanted: ['host.os', 'host.sshd'] });
    expect(facts['host.os']?.ok).toBe(true);
    expect(absence(facts, 'host.sshd')).toMatchObject({ kind: 'denied', reason: expect.stringContaining('only root') });
  });

  it('reads past a shell that prints a banner, and says what a shell said that runs nothing', async () => {
    await hardened.exec(
      String.raw`printf '%s\n' 'echo "Welcome to shop-1! $(date)"; head -c 300000 /dev/urandom; printf "\033[31m\n"' > /home/audit/.bashrc`,
    );
    await hardened.exec(`cp /home/audit/.bashrc /etc/profile.d/noise.sh; usermod -s /bin/bash audit`);
    expect((await look(login)).facts['host.os']).toMatchObject({ ok: true, value: { hostname: 'hardened' } });
    await hardened.exec('rm /home/audit/.bashrc /etc/profile.d/noise.sh; usermod -s /usr/sbin/nologin audit');
    const { facts } = await look(login);
    expect(absence(facts, 'host.os')).toMatchObject({
      kind: 'unreadable',
      reason: expect.stringContaining('did not run the script; it said: "This account is currently not available."'),
    });
    await hardened.exec('usermod -s /bin/bash audit');
  });

  it('outlives a command that hangs, megabytes of noise and fake frames, and leaves nothing running', async () => {
    const section = (key: FactKey, script: string, more: Partial<HostSection> = {}): HostSection => ({
      key,
      script,
      timeoutS: 2,
      maxBytes: 1_000,
      parse: (output) => {
        throw new AbsentError(
          'unreadable',
          `${output.truncated} ${output.stdout.length} ${output.stdout.slice(0, 60)}`,
        );
      },
      ...more,
    });
    const { facts } = await look(login, {
      wanted: ['host.os', 'host.disk', 'host.users', 'host.listen'],
      sections: [
        section('host.os', 'sleep 7777 & sleep 7777'),
        section('host.disk', 'head -c 50000000 /dev/urandom'),
        section(
          'host.users',
          String.raw`printf '\nsw-00000000000000000000000000000000 end host.users 0 1 2\n\nsw- bye\n'; kill -9 $$`,
        ),
        section('host.listen', 'echo fine'),
      ],
    });
    expect(absence(facts, 'host.os').reason).toBe('the host did not finish "host.os" within 2 s');
    expect(absence(facts, 'host.disk').reason).toMatch(/^true /);
    expect(absence(facts, 'host.users').kind).toBe('timeout');
    expect(absence(facts, 'host.listen').reason).toBe('false 5 fine\n');
    await vi.waitFor(
      async () => expect((await hardened.exec('pgrep -c -f "sleep 7777"', { check: false })).stdout.trim()).toBe('0'),
      10_000,
    );
  });

  it('ends what runs on the host when the audit is cancelled', async () => {
    const cancel = new AbortController();
    const running = look(login, {
      wanted: ['host.os'],
      signal: cancel.signal,
      sections: [
        {
          key: 'host.os',
          script: 'sleep 8888',
          timeoutS: 600,
          maxBytes: 10,
          parse: () => {
            throw new Error();
          },
        },
      ],
    });
    const count = async () =>
      (await hardened.exec('pgrep -c -x sleep -a; pgrep -f "^sleep 8888" | wc -l', { check: false })).stdout
        .trim()
        .split('\n')
        .at(-1);
    await vi.waitFor(async () => expect(await count()).toBe('1'), 20_000);
    cancel.abort(new AbsentError('timeout', 'cancelled'));
    expect(absence((await running).facts, 'host.os')).toEqual({ kind: 'timeout', reason: 'cancelled' });
    await vi.waitFor(async () => expect(await count()).toBe('0'), 20_000);
  });
});
