import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readContent } from '../../src/secrets/decode.ts';
import { RULES } from '../../src/secrets/rules/index.ts';
import { scanAll } from '../../src/secrets/scan-all.ts';
import { fullScanner } from '../../src/secrets/scanner.ts';
import { lookAtHistory } from '../secrets/git-repository.ts';
import type { Row } from './row.ts';
import { realSource, writeHistory, writeTree } from './secrets-corpus.ts';

export const name = 'Looking for secrets (all rules on)';

const MB = 1_000_000;
/** Two figures that say nothing of each other are no comparison: each is measured as often and the quickest counts. */
const TIMES = 2;

export async function run(): Promise<Row[]> {
  const root = mkdtempSync(join(tmpdir(), 'seaworthy-bench-'));
  try {
    const source = realSource(130 * MB);
    const size = source.reduce((sum, bytes) => sum + bytes.length, 0);
    return [
      { label: 'rules', value: RULES.length, unit: '' },
      { label: 'real source at hand', value: size / MB, unit: 'MB', note: `${source.length} files` },
      ...(await trees(root, source)),
      ...(await peer(source)),
      ...(await histories(root, source)),
      ...['ghp_', 'password=', 'curl -H "Authorization: Basic ', 'PuTTY-User-Key-File-3: a\n'].map(hostile),
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function trees(root: string, source: readonly Buffer[]): Promise<Row[]> {
  const rows: Row[] = [];
  const tree = join(root, 'tree');
  const bytes = writeTree(tree, source, 125 * MB);
  const files = listed(tree);
  const one = await best(() => scanFiles(tree, files, 1));
  const memory = process.memoryUsage().rss;
  const two = await best(() => scanFiles(tree, files, 2));
  rows.push({
    label: 'a tree from disk, one thread',
    value: bytes / 1e3 / one,
    unit: 'MB/s',
    note: `${files.length} files`,
  });
  rows.push({ label: 'two threads against one', value: one / two, unit: 'x' });
  rows.push({ label: 'memory of the process, threads included', value: memory / MB, unit: 'MB' });
  for (const sizeMb of [250, 500, 1_000, 2_000]) {
    // As much is read; the disk holds 125 MB of it.
    const times = Math.round((sizeMb * MB) / bytes);
    const again = Array.from({ length: times }, () => files).flat();
    const ms = await scanFiles(tree, again, 2);
    rows.push({
      label: `${sizeMb / 1_000} GB, two threads`,
      value: ms / times / two,
      unit: 'x',
      note: 'per byte, against 0.125 GB',
    });
  }
  return rows;
}

function listed(root: string): string[] {
  return readdirSync(root).flatMap((directory) =>
    readdirSync(join(root, directory)).map((file) => `${directory}/${file}`),
  );
}

/** Ms that it takes as the audit does it. */
async function scanFiles(root: string, files: readonly string[], threads: number): Promise<number> {
  function* jobs() {
    for (let at = 0; at < files.length; at += 48)
      yield { job: { kind: 'files' as const, root, files: files.slice(at, at + 48) } };
  }
  const options = { signal: new AbortController().signal, fingerprintKey: undefined, threads, aloneBytes: 0 };
  const started = performance.now();
  await scanAll(jobs(), options, () => {});
  return performance.now() - started;
}

/** secretlint with its recommended rules, over the same bytes in memory, as much as it takes in a while. */
async function peer(source: readonly Buffer[]): Promise<Row[]> {
  const { lintSource } = await import('@secretlint/core');
  const { creator } = await import('@secretlint/secretlint-rule-preset-recommend');
  const some = source.filter((_, number) => number % 20 === 0);
  const bytes = some.reduce((sum, one) => sum + one.length, 0);
  const options = { config: { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] } };
  let started = performance.now();
  for (const [number, one] of some.entries()) {
    const content = one.toString('utf8');
    await lintSource({
      source: { filePath: `${number}.txt`, content, ext: '.txt', contentType: 'text' },
      options: { ...options, noPhysicFilePath: true },
    });
  }
  const theirs = performance.now() - started;
  started = performance.now();
  for (const one of some) fullScanner().scan(readContent(one).bytes);
  const ours = performance.now() - started;
  return [
    { label: 'in memory, one thread', value: bytes / 1e3 / ours, unit: 'MB/s', note: `${(bytes / MB).toFixed(1)} MB` },
    { label: 'secretlint over the same', value: bytes / 1e3 / theirs, unit: 'MB/s', note: 'its recommended rules' },
    { label: 'against secretlint', value: ours / theirs, unit: 'x' },
  ];
}

async function histories(root: string, source: readonly Buffer[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [files, commits] of [
    [600, 3_000],
    [1_500, 8_000],
  ] as const) {
    const repository = join(root, `history-${commits}.git`);
    writeHistory(repository, source, files, commits);
    const ours = await best(async () => {
      const started = performance.now();
      await lookAtHistory(repository);
      return performance.now() - started;
    });
    const gits = await best(async () => {
      const started = performance.now();
      execFileSync('git', ['-C', repository, 'log', '-p', '-U0', '--all', '--full-history'], { maxBuffer: 2 ** 30 });
      return performance.now() - started;
    });
    rows.push({
      label: `a history of ${commits} commits, against git printing its patches`,
      value: ours / gits,
      unit: 'x',
      note: `${ours.toFixed(0)} ms, git log -p: ${gits.toFixed(0)} ms`,
    });
  }
  return rows;
}

async function best(measure: () => Promise<number>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let time = 0; time < TIMES; time += 1) least = Math.min(least, await measure());
  return least;
}

function hostile(filler: string): Row {
  const bytes = Buffer.from(filler.repeat(Math.ceil((4 * MB) / filler.length)));
  const started = performance.now();
  const { incomplete } = fullScanner().scan(bytes);
  const seconds = (performance.now() - started) / 1_000;
  const label = `4 MB of ${JSON.stringify(filler)}`.slice(0, 56);
  return { label, value: seconds, unit: 's', note: incomplete ?? 'scanned to the end' };
}
