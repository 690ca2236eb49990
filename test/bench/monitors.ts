import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MonitorSpec } from '../../src/core/monitor.ts';
import { startMonitors } from '../../src/monitor/monitors.ts';
import { openStore } from '../../src/store/open.ts';
import { repositories } from '../../src/store/repositories/index.ts';
import type { Row } from './row.ts';

export const name = 'monitors: 1,000 over HTTP, every 5 s, a tenth of them silent';

const COUNT = 1_000;
const EVERY_MS = 5_000;
const RUN_MS = 15_000;
/** The targets run in a process of their own, so that the figures are those of the monitors alone. */
const TARGETS = `
const answer = require('node:http').createServer((q, a) => a.end('ok'));
const silent = require('node:net').createServer(() => {});
answer.listen(0, '127.0.0.1', () => silent.listen(0, '127.0.0.1', () =>
  console.log(answer.address().port + ' ' + silent.address().port)));
`;

export async function run(): Promise<Row[]> {
  const directory = await mkdtemp(join(tmpdir(), 'seaworthy-bench-'));
  const targets = spawn(process.execPath, ['-e', TARGETS], { stdio: ['ignore', 'pipe', 'inherit'] });
  const store = await openStore({ url: `sqlite:${join(directory, 'bench.db')}`, now: Date.now() });
  try {
    const [line] = await once(targets.stdout, 'data');
    const [good, silent] = String(line).trim().split(' ');
    const monitors = Array.from({ length: COUNT }, (_, n): MonitorSpec => {
      const stuck = n % 10 === 0;
      const expect = { status: [200], latencyBelowMs: null, body: [], certificateValidForMs: null };
      return {
        id: `m${n}`,
        name: `m${n}`,
        look: { kind: 'http', url: `http://127.0.0.1:${stuck ? silent : good}/`, method: 'GET', expect, ca: [] },
        everyMs: EVERY_MS,
        timeoutMs: 2_000,
        downAfter: 2,
        upAfter: 2,
        severity: 'high',
        labels: {},
      };
    });
    return await measure(store, monitors);
  } finally {
    await store.close();
    targets.kill();
    await rm(directory, { recursive: true, force: true });
  }
}

async function measure(store: Awaited<ReturnType<typeof openStore>>, monitors: MonitorSpec[]): Promise<Row[]> {
  const late: number[] = [];
  let falseDown = 0;
  let unknown = 0;
  const before = process.cpuUsage();
  const started = performance.now();
  const bytes = await store.sizeBytes();
  const running = await startMonitors({
    store,
    repositories: repositories(store),
    applySignals: async () => {},
    monitors,
    heartbeats: [],
    now: Date.now,
    perHost: 256,
    onBeat(spec, beat) {
      late.push(beat.startedAt - beat.scheduledAt);
      if (beat.state === 'unknown') unknown += 1;
      else if (beat.state === 'down' && Number(spec.id.slice(1)) % 10 !== 0) falseDown += 1;
    },
  });
  await new Promise((resolve) => setTimeout(resolve, RUN_MS));
  await running.stop();
  const spent = process.cpuUsage(before);
  const cpuMs = (spent.user + spent.system) / 1_000;
  const grown = (await store.sizeBytes()) - bytes;
  late.sort((a, b) => a - b);
  const at = (share: number): number => late[Math.min(late.length - 1, Math.floor(late.length * share))] ?? 0;
  return [
    { label: 'looks', value: late.length, unit: '', note: `${unknown} unknown` },
    { label: 'lateness, median', value: at(0.5), unit: 'ms' },
    { label: 'lateness, 99th percentile', value: at(0.99), unit: 'ms' },
    { label: 'false downs', value: falseDown, unit: '' },
    { label: 'processor time per look, store included', value: cpuMs / late.length, unit: 'ms' },
    { label: 'of one core', value: (100 * cpuMs) / (performance.now() - started), unit: '%' },
    { label: 'resident memory', value: process.memoryUsage.rss() / 1_048_576, unit: 'MiB' },
    { label: 'store, per look', value: grown / late.length, unit: 'B' },
  ];
}
