import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { scanPorts } from '../../src/net/port-scan.ts';
import { labLacks } from '../fleet/lab/available.ts';
import { createLab } from '../fleet/lab/index.ts';
import { missingPackages } from '../support/packages.ts';
import type { Row } from './row.ts';

export const name =
  'Scan of TCP ports by full connects, against nmap -sT with the same time-outs and the same bound on the rate';

const execute = promisify(execFile);
const ROUNDS = 2;
const PER_SECOND = 20_000;
const SILENT_PORTS = 100;
const TIMEOUTS = ['--initial-rtt-timeout', '1s', '--max-rtt-timeout', '1s', '--max-retries', '1'];

/** A host that refuses everything and one that answers nothing, each in a network namespace. Medians, taking turns. */
export async function run(): Promise<Row[]> {
  if (labLacks() !== null || missingPackages().includes('nmap')) return [];
  const lab = await createLab();
  try {
    const open = await lab.host({ name: 'open', profile: 'bare' });
    const silent = await lab.host({
      name: 'silent',
      profile: 'bare',
      setup: `nft add table inet f; nft 'add chain inet f i { type filter hook input priority 0; policy drop; }'
nft 'add rule inet f i meta l4proto { icmp, ipv6-icmp } accept'`,
    });
    const usual = await compare(open.address, 1_000, PER_SECOND, 5);
    const bounded = await compare(open.address, 65_535, PER_SECOND, ROUNDS);
    const free = await compare(open.address, 65_535, null, ROUNDS);
    const dropped = await compare(silent.address, SILENT_PORTS, null, 1);
    const dropped6 = await compare(silent.address6, SILENT_PORTS, null, 1);
    return [
      row('1000 ports of an open host, at most 20000 in a second', usual, 'at most 1.0'),
      row('65535 ports of an open host, at most 20000 in a second', bounded, 'at most 1.0'),
      row('65535 ports of an open host, nothing bounds the rate', free, 'for information: the scan is always bounded'),
      row(`${SILENT_PORTS} ports of a host that answers nothing`, dropped, 'at most 1.0'),
      row(`${SILENT_PORTS} ports of the same over IPv6`, dropped6, 'at most 1.0'),
    ];
  } finally {
    lab.destroy();
  }
}

function row(label: string, { own, nmap }: { own: number; nmap: number }, limit: string): Row {
  const note = `${(own / 1_000).toFixed(2)} s against ${(nmap / 1_000).toFixed(2)} s of nmap; ${limit}`;
  return { label, value: own / nmap, unit: 'x', note };
}

async function compare(address: string, last: number, perSecond: number | null, rounds: number) {
  const ports = Array.from({ length: last }, (_, at) => at + 1);
  const rate = perSecond === null ? [] : ['--max-rate', String(perSecond)];
  const family = address.includes(':') ? ['-6'] : [];
  const own: number[] = [];
  const nmap: number[] = [];
  const say = (what: string) => process.env.SEAWORTHY_BENCH_VERBOSE && console.error(`${address} ${last} ${what}`);
  for (let round = 0; round < rounds; round += 1) {
    say('nmap');
    nmap.push(
      await timed(() =>
        execute('/usr/bin/nmap', ['-sT', '-n', '-Pn', ...TIMEOUTS, ...rate, ...family, '-p', `1-${last}`, address]),
      ),
    );
    say('own');
    own.push(
      await timed(() =>
        scanPorts({
          address,
          ports,
          signal: AbortSignal.timeout(300_000),
          concurrency: 8_192,
          perSecond: perSecond ?? 1_000_000,
          timeoutMs: 1_000,
        }),
      ),
    );
  }
  return { own: median(own), nmap: median(nmap) };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
