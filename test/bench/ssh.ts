import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expectKnown } from '../../src/net/ssh-known-hosts.ts';
import { scanSsh } from '../../src/net/ssh-scan.ts';
import { openSocket } from '../../src/net/ssh-socket.ts';
import { labLacks } from '../fleet/lab/available.ts';
import type { Row } from './row.ts';

export const name = 'SSH from outside (OpenSSH as Debian starts it), against ssh-audit on the same server';

const execute = promisify(execFile);
const ROUNDS = 9;

/** Greeting, all host keys, group size and ways of logging in; medians, taking turns. */
export async function run(): Promise<Row[]> {
  const lacks = labLacks(['ssh-audit']);
  if (lacks !== null) throw new Error(`it needs ${lacks}`);
  const directory = mkdtempSync(join(tmpdir(), 'sw-bench-ssh-'));
  mkdirSync('/run/sshd', { recursive: true });
  for (const type of ['rsa', 'ecdsa', 'ed25519']) {
    await execute('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', join(directory, type)]);
  }
  const port = await freePort();
  const lines = ['rsa', 'ecdsa', 'ed25519'].map((type) => `HostKey ${join(directory, type)}`);
  writeFileSync(
    join(directory, 'config'),
    `${[`Port ${port}`, 'ListenAddress 127.0.0.1', 'PidFile none', ...lines].join('\n')}\n`,
  );
  const server = spawn('/usr/sbin/sshd', ['-D', '-q', '-f', join(directory, 'config')], { stdio: 'ignore' });
  try {
    await untilOpen(port);
    let connections = 0;
    const own = () =>
      scanSsh({
        host: '127.0.0.1',
        port,
        signal: AbortSignal.timeout(60_000),
        timeoutMs: 10_000,
        expectation: expectKnown([], '127.0.0.1', port),
        onConnection: () => {
          connections += 1;
        },
        log: () => {},
      });
    const theirs = () => execute('/usr/bin/ssh-audit', ['-p', String(port), '127.0.0.1']).catch(() => {});
    await own(); // both are warm: the modules are loaded, the pages are in memory
    await theirs();
    connections = 0;
    await own();
    const counted = connections;
    const times = { own: [] as number[], theirs: [] as number[] };
    for (let round = 0; round < ROUNDS; round += 1) {
      times.own.push(await timed(own));
      times.theirs.push(await timed(theirs));
    }
    const [mine, peer] = [median(times.own), median(times.theirs)];
    return [
      { label: 'whole look', value: mine, unit: 'ms', note: `ssh-audit ${peer.toFixed(0)} ms` },
      { label: 'of the time of ssh-audit', value: mine / peer, unit: 'x', note: 'at most 0.25' },
      { label: 'connections', value: counted, unit: '' },
    ];
  } finally {
    server.kill();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilOpen(port: number): Promise<void> {
  for (const end = performance.now() + 10_000; ; ) {
    try {
      (await openSocket({ host: '127.0.0.1', port }, AbortSignal.timeout(1_000), 1_000)).destroy();
      return;
    } catch (thrown) {
      if (performance.now() > end) throw thrown;
    }
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
