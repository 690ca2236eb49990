import { join } from 'node:path';
import { readRegular } from './files.ts';
import { type IgnoreEntry, parseIgnoreFile } from './ignore.ts';

const MAX_BYTES = 1024 * 1024;

/** What `.seaworthyignore` at the root of a directory accepts, in the shape of the facts. No file accepts nothing. */
export async function readIgnoreFile(
  root: string,
): Promise<{ accepted: IgnoreEntry[]; ignoreProblems: { line: number; problem: string }[] }> {
  const read = await readRegular(join(root, '.seaworthyignore'), MAX_BYTES).catch(() => null);
  if (!read) return { accepted: [], ignoreProblems: [] };
  const { entries, problems } = parseIgnoreFile(read.bytes.toString('utf8'));
  return { accepted: entries, ignoreProblems: problems };
}
