import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Beat } from '../../src/core/monitor.ts';
import { freePort, lookAt } from '../monitor/looks/support.ts';
import { startPostgres } from '../store/postgres.ts';

const folder = mkdtempSync(join(tmpdir(), 'seaworthy-kinds-'));
const running: ChildProcess[] = [];
const closing: (() => Promise<unknown>)[] = [];
beforeAll(() => chmodSync(folder, 0o755));
afterAll(async () => {
  for (const close of closing) await close();
  for (const child of running) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

function start(program: string, ...args: string[]): ChildProcess {
  const child = spawn(program, args, { stdio: 'ignore' });
  running.push(child);
  return child;
}

/** Looks until it is up: the server takes its time to start. */
async function up(endpoint: string, monitor: object = {}): Promise<Beat> {
  for (let tries = 0; ; tries += 1) {
    const beat = await lookAt(endpoint, monitor);
    if (beat.state === 'up' || tries > 300) return beat;
    await sleep(100);
  }
}

async function killed(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

it('OpenSSH, without a log-in', async () => {
  const port = await freePort();
  const key = join(folder, 'host_key');
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const options = ['-o', `HostKey=${key}`, '-o', 'PidFile=none', '-o', 'ListenAddress=127.0.0.1'];
  const sshd = start('/usr/sbin/sshd', '-D', '-f', '/dev/null', '-p', String(port), ...options);
  const at = `ssh://127.0.0.1:${port}`;
  expect(await up(at, { expect: { body: [{ contains: 'OpenSSH' }] } })).toMatchObject({ state: 'up', reason: null });
  await killed(sshd);
  expect(await lookAt(at)).toMatchObject({ state: 'down' });
});

it('Redis, with and without a password', async () => {
  const port = await freePort();
  const options = ['--bind', '127.0.0.1', '--save', '', '--dir', folder];
  start('/usr/bin/redis-server', '--port', String(port), ...options, '--requirepass', 'secret');
  expect(await up(`redis://127.0.0.1:${port}`)).toMatchObject({ state: 'up' });
  const open = await freePort();
  const redis = start('/usr/bin/redis-server', '--port', String(open), ...options);
  expect(await up(`redis://127.0.0.1:${open}`)).toMatchObject({ state: 'up' });
  // What is mute though its port is open is down.
  redis.kill('SIGSTOP');
  expect(await lookAt(`redis://127.0.0.1:${open}`, { timeout: '300ms' })).toMatchObject({ state: 'down' });
});

it('MariaDB, which does not block us for looking often', async () => {
  const port = await freePort();
  const data = join(folder, 'mysql');
  const shared = ['--no-defaults', `--datadir=${data}`];
  const user = process.getuid?.() === 0 ? ['--user=mysql'] : [];
  mkdirSync(data);
  const install = spawnSync('/usr/bin/mariadb-install-db', [
    ...shared,
    ...user,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  ]);
  expect(String(install.stderr) + String(install.stdout)).toContain('OK');
  start(
    '/usr/sbin/mariadbd',
    ...shared,
    ...user,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    `--socket=${join(data, 'sock')}`,
    `--pid-file=${join(data, 'pid')}`,
    '--max-connect-errors=3',
    '--innodb-buffer-pool-size=16M',
  );
  const at = `mysql://127.0.0.1:${port}`;
  expect(await up(at, { expect: { body: [{ contains: 'MariaDB' }] } })).toMatchObject({ state: 'up' });
  for (let look = 0; look < 12; look += 1) expect(await lookAt(at)).toMatchObject({ state: 'up', reason: null });
});

it('PostgreSQL, without a log-in', async () => {
  const server = await startPostgres();
  closing.push(server.stop);
  const { hostname, port } = new URL(await server.fresh());
  expect(await up(`postgres://${hostname}:${port}`)).toMatchObject({ state: 'up', reason: null });
});

it('BIND: records, names that are not there, and the AD flag of a resolver that did not validate', async () => {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  writeFileSync(
    join(folder, 'zone'),
    '$TTL 60\n@ SOA ns a 1 60 60 60 60\n@ NS ns\nns A 127.0.0.1\n@ A 10.0.0.1\n@ A 10.0.0.2\n@ MX 10 mail\n@ TXT "v=spf1 " "-all"\n',
  );
  writeFileSync(
    join(folder, 'named.conf'),
    `options { directory "${folder}"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; }; recursion no; pid-file none;
      session-keyfile "${folder}/session.key"; managed-keys-directory "${folder}"; }; controls { };
     zone "shop.test" { type primary; file "zone"; };`,
  );
  const named = start('/usr/sbin/named', '-g', '-c', join(folder, 'named.conf'));
  const at = (query: string, name = 'shop.test') => `dns://${name}?type=${query}&server=127.0.0.1:${port}`;
  expect(await up(at('A'), { expect: { records: ['10.0.0.2', '10.0.0.1'] } })).toMatchObject({ state: 'up' });
  const down = async (endpoint: string, wanted: object) => (await lookAt(endpoint, { expect: wanted })).reason;
  expect(await down(at('A'), { records: ['10.0.0.3'] })).toMatch(
    /^A is 10\.0\.0\.\d, 10\.0\.0\.\d, without 10\.0\.0\.3$/,
  );
  expect(await down(at('MX'), { records: ['10 mail.shop.test.'] })).toBeNull();
  expect(await down(at('TXT'), { records: ['v=spf1 -all'] })).toBeNull();
  expect(await down(at('AAAA'), {})).toBe('shop.test has no AAAA record');
  expect(await down(at('A', 'gone.shop.test'), {})).toBe('gone.shop.test does not exist');
  expect(await down(at('A', 'other.test'), {})).toMatch(/answers REFUSED$/);
  expect(await down(at('A'), { dnssec: true })).toBe('the answer is not validated (no AD flag)');
  await killed(named);
  expect(await lookAt(at('A'))).toMatchObject({ state: 'down' });
});

it('an echo request, where this machine may send one', async () => {
  const allowed = existsSync('/usr/bin/ping') && spawnSync('ping', ['-c', '1', '127.0.0.1']).status === 0;
  const beat = await lookAt('icmp://127.0.0.1');
  expect(beat.state).toBe(allowed ? 'up' : 'unknown');
  if (!allowed) return;
  expect(beat.latencyMs).toBeGreaterThan(0);
  expect(await lookAt('icmp://localhost', { ip: 4 })).toMatchObject({ state: 'up' });
});
