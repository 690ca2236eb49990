import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readContent } from '../../src/secrets/decode.ts';
import { RULES } from '../../src/secrets/rules/index.ts';
import { fullScanner } from '../../src/secrets/scanner.ts';
import { lookAtHistory, lookAtTree, repository } from '../secrets/git-repository.ts';
import type { Row } from './row.ts';

export const name = 'Looking for secrets (all rules on, one thread)';

const MB = 1_000_000;

/** Real source: what is installed for development, repeated or cut to a size. Plus a repository with many versions of files. */
export async function run(): Promise<Row[]> {
  const source = realSource(60 * MB);
  const size = source.reduce((sum, bytes) => sum + bytes.length, 0);
  const rows: Row[] = [
    { label: 'rules', value: RULES.length, unit: '' },
    { label: 'real source at hand', value: size / MB, unit: 'MB', note: `${source.length} files` },
  ];
  scan(source.slice(0, 200)); // warm
  const quarter = scan(source.slice(0, Math.floor(source.length / 4)));
  const whole = scan(source);
  rows.push({ label: 'in memory', value: whole.bytes / 1e3 / whole.ms, unit: 'MB/s' });
  rows.push({
    label: 'ms per MB, whole against a quarter',
    value: whole.ms / whole.bytes / (quarter.ms / quarter.bytes),
    unit: 'x',
    note: 'linear is about 1; files differ',
  });
  rows.push({ label: 'hostile: a keyword at every fourth byte', value: hostile('ghp_'), unit: 'MB/s' });
  rows.push({ label: 'hostile: "password=" without end', value: hostile('password='), unit: 'MB/s' });
  rows.push({
    label: 'hostile: headers with almost a credential',
    value: hostile('curl -H "Authorization: Basic '),
    unit: 'MB/s',
  });
  rows.push(...(await onDisk(source)));
  rows.push({ label: 'memory of the process', value: process.memoryUsage().rss / MB, unit: 'MB' });
  return rows;
}

function realSource(limit: number): Buffer[] {
  const found: Buffer[] = [];
  let size = 0;
  const waiting = [join(import.meta.dirname, '../../node_modules')];
  for (let directory = waiting.pop(); directory !== undefined && size < limit; directory = waiting.pop()) {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (entry.isDirectory()) waiting.push(join(directory, entry.name));
      else if (/\.(?:[cm]?[jt]sx?|json|md|ya?ml|css|html|map)$/.test(entry.name) && entry.isFile()) {
        const bytes = readFileSync(join(directory, entry.name));
        if (bytes.length > 2 * MB) continue;
        found.push(bytes);
        size += bytes.length;
      }
    }
  }
  return found;
}

function scan(all: readonly Buffer[]): { ms: number; bytes: number } {
  const scanner = fullScanner();
  const started = performance.now();
  let bytes = 0;
  for (const one of all) {
    scanner.scan(readContent(one).bytes);
    bytes += one.length;
  }
  return { ms: performance.now() - started, bytes };
}

function hostile(filler: string): number {
  const bytes = Buffer.from(filler.repeat(Math.ceil(MB / filler.length)));
  const started = performance.now();
  fullScanner().scan(bytes, { budgetMs: 120_000 });
  return bytes.length / 1e3 / (performance.now() - started);
}

/** The probes as an audit runs them: with git, reading from disk. */
async function onDisk(source: readonly Buffer[]): Promise<Row[]> {
  const one = repository();
  try {
    for (const [number, bytes] of source.entries()) one.write(`src/${number % 97}/${number}.txt`, bytes);
    let started = performance.now();
    const tree = await lookAtTree(one.root);
    const treeMs = performance.now() - started;
    // Thirty versions of four hundred files, each with a line changed: what histories are made of.
    const files = source.filter((bytes) => bytes.length > 2_000 && bytes.length < 40_000).slice(0, 400);
    execFileSync('git', ['-C', one.root, 'rm', '-rqf', '--cached', '--ignore-unmatch', '.']);
    one.write('.gitignore', 'src/\n');
    for (let version = 0; version < 30; version += 1) {
      for (const [number, bytes] of files.entries()) {
        if ((number + version) % 5 !== 0 && version > 0) continue;
        one.write(`lib/${number}.txt`, Buffer.concat([bytes, Buffer.from(`\nversion ${version}\n`)]));
      }
      one.commit(`version ${version}`);
    }
    one.git('gc', '-q');
    started = performance.now();
    const history = await lookAtHistory(one.root);
    const historyMs = performance.now() - started;
    started = performance.now();
    execFileSync('git', ['-C', one.root, 'log', '-p', '-U0', '--all', '--full-history'], { maxBuffer: 2 ** 30 });
    const gitMs = performance.now() - started;
    return [
      {
        label: 'a work tree, end to end',
        value: tree.scanned.bytes / 1e3 / treeMs,
        unit: 'MB/s',
        note: `${tree.leaks.length} leaks`,
      },
      {
        label: 'a history, end to end',
        value: historyMs,
        unit: 'ms',
        note: `${history.scanned.files} objects, ${(history.scanned.bytes / MB).toFixed(0)} MB`,
      },
      {
        label: 'against git printing the same patches',
        value: historyMs / gitMs,
        unit: 'x',
        note: `git log -p: ${gitMs.toFixed(0)} ms`,
      },
    ];
  } finally {
    one.remove();
  }
}
