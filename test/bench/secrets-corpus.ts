import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MB = 1_000_000;
const SOURCE = /\.(?:[cm]?[jt]sx?|json|md|ya?ml|css|html|map)$/;

/** Real source: what is installed for development, up to `limit` bytes of it. */
export function realSource(limit: number): Buffer[] {
  const found: Buffer[] = [];
  let size = 0;
  const waiting = [join(import.meta.dirname, '../../node_modules')];
  for (let directory = waiting.pop(); directory !== undefined && size < limit; directory = waiting.pop()) {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (entry.isDirectory()) waiting.push(join(directory, entry.name));
      else if (SOURCE.test(entry.name) && entry.isFile() && size < limit) {
        const bytes = readFileSync(join(directory, entry.name));
        if (bytes.length > 2 * MB || bytes.length === 0) continue;
        found.push(bytes);
        size += bytes.length;
      }
    }
  }
  return found;
}

/**
 * Writes files of `bytes` together. From the second time round each file is turned at another of its lines, so that no two
 * copies are alike and nothing is read twice.
 */
export function writeTree(root: string, source: readonly Buffer[], bytes: number): { bytes: number; files: number } {
  let written = 0;
  let files = 0;
  for (; written < bytes; files += 1) {
    const round = Math.floor(files / source.length);
    const original = source[files % source.length] as Buffer;
    const turn = round === 0 ? 0 : original.indexOf(10, Math.floor((original.length * round) / 20)) + 1;
    const content = [Buffer.from(`// copy ${files}\n`), original.subarray(turn), original.subarray(0, turn)];
    const directory = join(root, String(files % 211));
    if (files < 211) mkdirSync(directory, { recursive: true });
    const whole = Buffer.concat(content);
    writeFileSync(join(directory, `${files}.txt`), whole);
    written += whole.length;
  }
  return { bytes: written, files };
}

/**
 * A history of `commits` made of real source: each changes a few places in one to three of `files`, as people do. Packed, as
 * a clone is. Nothing is fetched: the benchmark runs on a machine without a network.
 */
export function writeHistory(root: string, source: readonly Buffer[], files: number, commits: number): void {
  execFileSync('git', ['init', '-q', '--bare', root]);
  const chosen = source.filter((bytes) => bytes.length > 3_000 && bytes.length < 80_000).slice(0, files);
  const lines = chosen.map((bytes) => bytes.toString('latin1').split('\n'));
  let random = 42;
  const next = (below: number) => {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((random / 2 ** 32) * below);
  };
  const parts: Buffer[] = [];
  const put = (text: string) => parts.push(Buffer.from(text, 'latin1'));
  for (let commit = 0; commit < commits; commit += 1) {
    put(
      `commit refs/heads/main\ncommitter a <a@example.com> ${1_700_000_000 + commit * 600} +0000\ndata 8\nversion\n\n`,
    );
    const touched = commit === 0 ? lines.keys() : Array.from({ length: 1 + next(3) }, () => next(lines.length));
    for (const number of touched) {
      const file = lines[number] as string[];
      for (let edit = 0; commit > 0 && edit < 1 + next(4); edit += 1)
        file.splice(next(file.length), next(4), ...(lines[next(lines.length)] as string[]).slice(0, 1 + next(5)));
      const content = file.join('\n');
      put(`M 100644 inline src/${number % 37}/${number}.txt\ndata ${content.length}\n${content}\n`);
    }
  }
  const imported = spawnSync('git', ['-C', root, 'fast-import', '--quiet'], { input: Buffer.concat(parts) });
  if (imported.status !== 0) throw new Error(imported.stderr.toString());
  execFileSync('git', ['-C', root, 'repack', '-adfq']);
}
