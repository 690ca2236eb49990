import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { scanAddress } from '../../src/net/tls/scan.ts';
import { startRelay } from '../support/relay.ts';
import { TlsServers } from '../support/tls-servers.ts';
import type { Row } from './row.ts';

export const name = 'TLS inventory of nginx (TLS 1.2 and 1.3), against sslscan, nmap and testssl.sh on the same server';

const execute = promisify(execFile);
const ROUNDS = 7;

/** Wall times are medians; connections are counted by a relay in between. */
export async function run(): Promise<Row[]> {
  if (!existsSync('/usr/sbin/nginx') || !existsSync('/usr/bin/sslscan') || !existsSync('/usr/bin/nmap')) return [];
  const servers = new TlsServers();
  try {
    const pair = servers.keyPair('bench', 'rsa:2048');
    const port = await servers.nginx('bench', [
      `ssl_certificate ${pair.cert}`,
      `ssl_certificate_key ${pair.key}`,
      'ssl_protocols TLSv1.2 TLSv1.3',
      'ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20:AES128-GCM-SHA256',
    ]);
    const near = await compare(port, ROUNDS);
    const relay = await startRelay({ to: port, delayMs: 25 });
    const far = await compare(relay.port, 3).finally(() => relay.close());
    const counter = await startRelay({ to: port });
    const counted: number[] = [];
    for (const look of [own, sslscan, nmap]) {
      const before = counter.connections();
      await look(counter.port);
      counted.push(counter.connections() - before);
    }
    counter.close();
    const hundred = await manyAtOnce(port, 100);
    const slowest = await testssl(port);
    const [mine = 0, theirs = 0, nmaps = 0] = counted;
    return [
      {
        label: 'whole inventory',
        value: near.own,
        unit: 'ms',
        note: `sslscan ${near.sslscan.toFixed(0)} ms, nmap ${near.nmap.toFixed(0)} ms`,
      },
      { label: 'of the time of sslscan', value: near.own / near.sslscan, unit: 'x', note: 'at most 0.25' },
      {
        label: 'of the time of sslscan, 50 ms of round trip added',
        value: far.own / far.sslscan,
        unit: 'x',
        note: `at most 0.5; ${far.own.toFixed(0)} against ${far.sslscan.toFixed(0)} ms`,
      },
      {
        label: 'connections of those of nmap',
        value: mine / nmaps,
        unit: 'x',
        note: `at most 1; ${mine}, sslscan ${theirs}, nmap ${nmaps}`,
      },
      ...(slowest === null
        ? []
        : [
            {
              label: 'of the time of testssl.sh',
              value: near.own / slowest.ms,
              unit: 'x',
              note: `at most 0.01; ${slowest.ended ? '' : 'it was ended after '}${(slowest.ms / 1000).toFixed(0)} s`,
            },
          ]),
      { label: '100 endpoints at once', value: hundred.ms, unit: 'ms' },
      {
        label: 'memory for 100 at once',
        value: hundred.bytes / 1024 / 1024,
        unit: 'MiB',
        note: 'growth of the resident set',
      },
    ];
  } finally {
    await servers.close();
  }
}

const own = (port: number) =>
  scanAddress({
    address: '127.0.0.1',
    port,
    serverName: 'shop.example',
    signal: AbortSignal.timeout(60_000),
    timeoutMs: 10_000,
    budget: 400,
    onConnection: () => {},
  });
const sslscan = (port: number) => execute('/usr/bin/sslscan', ['--no-colour', `127.0.0.1:${port}`]);
const nmap = (port: number) =>
  execute('/usr/bin/nmap', ['-Pn', '-n', '-p', String(port), '--script', 'ssl-enum-ciphers', '127.0.0.1']);

const TESTSSL = '/usr/bin/testssl';
/** It takes one to two minutes; ended sooner it was slower than the figure says. */
const TESTSSL_MS = 240_000;

async function testssl(port: number): Promise<{ ms: number; ended: boolean } | null> {
  if (!existsSync(TESTSSL)) return null;
  const options = ['--quiet', '--color', '0', '--warnings', 'batch', '--nodns', 'none', `127.0.0.1:${port}`];
  let ended = true;
  const ms = await timed(() =>
    execute(TESTSSL, options, { timeout: TESTSSL_MS, maxBuffer: 1 << 26 }).catch((thrown: { killed?: boolean }) => {
      // Its exit code counts what it found.
      ended = thrown.killed !== true;
    }),
  );
  return { ms, ended };
}

/** Takes turns, so that a busy moment of the machine meets all alike. */
async function compare(port: number, rounds: number): Promise<{ own: number; sslscan: number; nmap: number }> {
  const times = { own: [] as number[], sslscan: [] as number[], nmap: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    times.own.push(await timed(() => own(port)));
    times.sslscan.push(await timed(() => sslscan(port)));
    times.nmap.push(await timed(() => nmap(port)));
  }
  return { own: median(times.own), sslscan: median(times.sslscan), nmap: median(times.nmap) };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function manyAtOnce(port: number, count: number): Promise<{ ms: number; bytes: number }> {
  const before = process.memoryUsage.rss();
  const ms = await timed(() => Promise.all(Array.from({ length: count }, () => own(port))));
  return { ms, bytes: Math.max(0, process.memoryUsage.rss() - before) };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
