import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readContent } from '../../src/secrets/decode.ts';
import { RULES } from '../../src/secrets/rules/index.ts';
import { fullScanner } from '../../src/secrets/scanner.ts';
import type { Row } from './row.ts';
import { realSource, writeHistory, writeTree } from './secrets-corpus.ts';
import { bestOf, type Run, runProgram } from './secrets-program.ts';

export const name = 'Looking for secrets (the built program, all rules on; of several runs the quickest)';

const MB = 1_000_000;
const TIMES = 3;
const HOSTILE = ['ghp_', 'password=', 'curl -H "Authorization: Basic ', 'PuTTY-User-Key-File-3: a\n'];

export async function* run(): AsyncGenerator<Row> {
  const root = mkdtempSync(join(tmpdir(), 'seaworthy-bench-'));
  try {
    const source = realSource(130 * MB);
    const size = source.reduce((sum, bytes) => sum + bytes.length, 0);
    yield { label: 'rules', value: RULES.length, unit: '' };
    yield { label: 'real source at hand', value: size / MB, unit: 'MB', note: `${source.length} files` };
    const start = await bestOf(TIMES, () => audit('secrets.repository', join(root, 'none')));
    yield { label: 'start of the program, CPU', value: start.cpuMs, unit: 'ms', note: `${start.wallMs.toFixed(0)} ms` };
    yield* trees(root, source);
    for (const filler of HOSTILE) yield hostile(filler);
    yield* peer(source);
    yield* histories(root, source);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function audit(check: string, path: string, onOneProcessor = false): Promise<Run> {
  mkdirSync(path, { recursive: true });
  return runProgram(['audit', path, '--only', check, '--format', 'json'], onOneProcessor);
}

async function* trees(root: string, source: readonly Buffer[]): AsyncGenerator<Row> {
  const tree = join(root, 'tree');
  const { bytes, files } = writeTree(tree, source, 125 * MB);
  const one = await bestOf(TIMES, () => audit('secrets.repository', tree, true));
  const note = `${(bytes / MB).toFixed(0)} MB in ${files} files, from start to report`;
  yield { label: 'a tree, on one processor', value: bytes / 1e3 / one.wallMs, unit: 'MB/s', note };
  yield {
    label: 'the same, by its CPU time',
    value: bytes / 1e3 / one.cpuMs,
    unit: 'MB/s',
    note: 'other work left out',
  };
  const two = await bestOf(TIMES, () => audit('secrets.repository', tree));
  const label = `${availableParallelism()} processors against one`;
  yield { label, value: one.wallMs / two.wallMs, unit: 'x', note: `${two.wallMs.toFixed(0)} ms` };
  yield { label: 'peak memory, threads included', value: two.peakBytes / MB, unit: 'MB' };
  rmSync(tree, { recursive: true });
  let base = 0;
  for (const sizeMb of [250, 500, 1_000, 2_000]) {
    const written = writeTree(tree, source, sizeMb * MB);
    const took = await audit('secrets.repository', tree);
    rmSync(tree, { recursive: true });
    const perByte = took.cpuMs / written.bytes;
    base ||= perByte;
    yield {
      label: `${sizeMb / 1_000} GB, no file twice: CPU per byte against 0.25 GB`,
      value: perByte / base,
      unit: 'x',
      note: `${(took.wallMs / 1_000).toFixed(1)} s, peak ${(took.peakBytes / MB).toFixed(0)} MB`,
    };
  }
}

/** secretlint with its recommended rules, over the same bytes in memory. */
async function* peer(source: readonly Buffer[]): AsyncGenerator<Row> {
  const { lintSource } = await import('@secretlint/core');
  const { creator } = await import('@secretlint/secretlint-rule-preset-recommend');
  const some = source.filter((_, number) => number % 20 === 0);
  const bytes = some.reduce((sum, one) => sum + one.length, 0);
  const options = { config: { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] } };
  for (const one of some) fullScanner().scan(readContent(one).bytes);
  let started = process.cpuUsage();
  for (const one of some) fullScanner().scan(readContent(one).bytes);
  const ours = cpuMs(started);
  yield {
    label: 'in memory, one thread, second time round, CPU',
    value: bytes / 1e3 / ours,
    unit: 'MB/s',
    note: `${(bytes / MB).toFixed(1)} MB`,
  };
  started = process.cpuUsage();
  for (const [number, one] of some.entries()) {
    const content = one.toString('utf8');
    await lintSource({
      source: { filePath: `${number}.txt`, content, ext: '.txt', contentType: 'text' },
      options: { ...options, noPhysicFilePath: true },
    });
  }
  const theirs = cpuMs(started);
  yield {
    label: 'secretlint over the same',
    value: bytes / 1e3 / theirs,
    unit: 'MB/s',
    note: 'its recommended rules, CPU',
  };
  yield { label: 'time against secretlint', value: ours / theirs, unit: 'x' };
}

function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000;
}

async function* histories(root: string, source: readonly Buffer[]): AsyncGenerator<Row> {
  for (const [files, commits] of [
    [600, 3_000],
    [1_500, 8_000],
  ] as const) {
    const repository = join(root, `history-${commits}.git`);
    writeHistory(repository, source, files, commits);
    const ours = await bestOf(TIMES, () => audit('secrets.history', repository));
    let gits = Number.POSITIVE_INFINITY;
    for (let time = 0; time < TIMES; time += 1) {
      const started = performance.now();
      execFileSync('git', ['-C', repository, 'log', '-p', '--all'], { stdio: 'ignore' });
      gits = Math.min(gits, performance.now() - started);
    }
    yield {
      label: `a history of ${commits} commits, against git log -p --all`,
      value: ours.wallMs / gits,
      unit: 'x',
      note: `${ours.wallMs.toFixed(0)} ms from start to report, git ${gits.toFixed(0)} ms`,
    };
    yield { label: 'its peak memory', value: ours.peakBytes / MB, unit: 'MB' };
    rmSync(repository, { recursive: true });
  }
}

function hostile(filler: string): Row {
  const bytes = Buffer.from(filler.repeat(Math.ceil((4 * MB) / filler.length)));
  const started = performance.now();
  const { incomplete } = fullScanner().scan(bytes);
  const seconds = (performance.now() - started) / 1_000;
  const label = `4 MB of ${JSON.stringify(filler)}`.slice(0, 56);
  return { label, value: seconds, unit: 's', note: incomplete ?? 'scanned to the end' };
}
