import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareProbes } from './monitors/compare.ts';
import { makeHole } from './monitors/network.ts';
import type { Figures } from './monitors/subject.ts';
import type { Row } from './row.ts';

export const name = 'monitors: 10,000 over HTTP every 30 s, a tenth of them black-holed; and the cost of one look';

const COUNT = 10_000;
const EVERY_MS = 30_000;
const RUN_MS = 90_000;
const DAY_MS = 86_400_000;
const RESTART_MS = EVERY_MS + 12_000;
const EXPORTER = '/usr/bin/prometheus-blackbox-exporter';

/** The targets, the monitors and the exporter are processes of their own, in a namespace where one network swallows packets. */
export async function run(): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'seaworthy-bench-'));
  const hole = makeHole();
  const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=bench'];
  const names = ['-addext', 'subjectAltName=IP:127.0.0.1'];
  spawnSync('openssl', ['req', '-x509', ...made, ...names, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  const script = (file: string, ...args: string[]): ChildProcess => {
    const program = [process.execPath, '--import', 'tsx', join(import.meta.dirname, 'monitors', file), ...args];
    const [command = '', ...rest] = [...hole.inside, ...program];
    return spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  };
  const targets = script('targets.ts', key, certificate);
  try {
    if (targets.stdout) await once(targets.stdout, 'data');
    const rows: Row[] = existsSync(EXPORTER)
      ? await compareProbes({ directory, certificate, exporter: EXPORTER, script, inside: hole.inside })
      : [{ label: 'prometheus-blackbox-exporter is not installed', value: Number.NaN, unit: '' }];
    const subject = (runMs: number) =>
      figuresOf(script('subject.ts', directory, String(COUNT), String(EVERY_MS), String(runMs)));
    const first = await subject(RUN_MS);
    const again = await subject(RESTART_MS);
    return [...rows, ...scaleRows(first), ...growthRows(first), ...restartRows(again)];
  } finally {
    targets.kill();
    hole.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function figuresOf(child: ChildProcess): Promise<Figures> {
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += chunk;
  });
  await once(child, 'close');
  return JSON.parse(text.trim().split('\n').at(-1) ?? '');
}

function scaleRows(seen: Figures): Row[] {
  return [
    { label: 'looks', value: seen.looks, unit: '', note: `${seen.unknown} unknown, ${seen.skipped} left out` },
    { label: 'lateness, median', value: seen.lateMs.median, unit: 'ms' },
    {
      label: 'lateness, 99th percentile',
      value: seen.lateMs.p99,
      unit: 'ms',
      note: 'wall clock; below 1,000 is wanted',
    },
    { label: 'false downs', value: seen.falseDown, unit: '', note: 'of 9,000 monitors that answer' },
    { label: 'false ups', value: seen.falseUp, unit: '', note: 'of 1,000 in the black hole' },
    { label: 'of one core, store included', value: (100 * seen.cpuMs) / seen.wallMs, unit: '%', note: 'below 60' },
    { label: 'processor time per look, store included', value: seen.cpuMs / seen.looks, unit: 'ms' },
    { label: 'resident memory, most', value: seen.rssBytes / 1_048_576, unit: 'MiB', note: 'below 400' },
  ];
}

/** What the store grows to: looks for two days, minutes for seven, hours for ninety, days for ever. */
function growthRows(seen: Figures): Row[] {
  const look = seen.bytes.raw / seen.bytes.rows;
  const sum = seen.bytes.rollups / seen.bytes.rollupRows;
  const looksPerDay = (COUNT * DAY_MS) / EVERY_MS;
  const gib = (bytes: number): number => bytes / 2 ** 30;
  const bound = 2 * looksPerDay * look + COUNT * sum * (7 * 1_440 + 90 * 24);
  return [
    { label: 'store, bytes of one look', value: look, unit: 'B', note: `${Math.round(sum)} B of one sum` },
    { label: 'store, growth in a day', value: gib(looksPerDay * look + COUNT * sum * (1_440 + 24 + 1)), unit: 'GiB' },
    { label: 'store, bound of what is kept', value: gib(bound), unit: 'GiB', note: 'reached after 90 days' },
    {
      label: 'store, growth in a day after that',
      value: (COUNT * sum) / 2 ** 20,
      unit: 'MiB',
      note: 'one sum a day each',
    },
  ];
}

function restartRows(seen: Figures): Row[] {
  const steady = (COUNT * 1_000) / EVERY_MS;
  return [
    { label: 'restart: monitors looked at within one period', value: seen.seen, unit: '', note: `of ${COUNT}` },
    { label: 'restart: the last one began after', value: seen.armedMs / 1_000, unit: 's', note: 'period 30 s' },
    { label: 'restart: busiest second, of the steady rate', value: seen.burst / steady, unit: 'x', note: 'at most 2' },
  ];
}
