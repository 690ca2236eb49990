import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readRegular } from './files.ts';
import { type IgnoreEntry, parseIgnoreFile } from './ignore.ts';

const NAME = '.seaworthyignore';
const MAX_BYTES = 1024 * 1024;
const MAX_FILES = 5_000;

interface Accepted {
  accepted: IgnoreEntry[];
  ignoreProblems: { line: number; problem: string }[];
}

/**
 * What `.seaworthyignore` at the root of a directory accepts, in the shape of the facts: one file, or a folder of files, one
 * for each leak, so that two branches never write to the same one. Nothing there accepts nothing.
 */
export async function readIgnoreFile(root: string): Promise<Accepted> {
  const accepted: IgnoreEntry[] = [];
  const ignoreProblems: Accepted['ignoreProblems'] = [];
  const names = await readdir(join(root, NAME)).catch(() => null);
  for (const name of names?.sort().slice(0, MAX_FILES) ?? ['']) {
    const read = await readRegular(join(root, NAME, name), MAX_BYTES).catch(() => null);
    if (!read) continue;
    const { entries, problems } = parseIgnoreFile(read.bytes.toString('utf8'));
    accepted.push(...entries);
    for (const one of problems) {
      ignoreProblems.push(name === '' ? one : { ...one, problem: `${one.problem} (in ${name.slice(0, 100)})` });
    }
  }
  return { accepted, ignoreProblems };
}
