import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError, reasonOf } from '../core/error.ts';
import { plainLine } from '../report/escape.ts';
import { readGitleaksConfig } from '../secrets/gitleaks/config.ts';
import type { Io } from './io.ts';

/** Says what of a `.gitleaks.toml` is carried over, and what is not. */
export async function importGitleaks(file: string, io: Io): Promise<void> {
  let text: string;
  try {
    text = readFileSync(resolve(io.cwd, file), 'utf8');
  } catch (thrown) {
    throw new AppError('no-file', `${file} could not be read: ${reasonOf(thrown)}`);
  }
  const imported = readGitleaksConfig(text);
  if ('error' in imported) throw new AppError('import-file', `${file}: ${plainLine(imported.error)}`);
  const { rules, allow, notes } = imported;
  const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
  const lines = [
    `carried over: ${count(rules.length, 'rule')}, ${count(allow.length, 'global allowlist')}`,
    ...rules.map(({ id, title }) => `  ${plainLine(id)}${id === title ? '' : `  ${plainLine(title)}`}`),
    notes.length === 0 ? 'nothing is left out' : 'not carried over, or not exactly:',
    ...notes.map((note) => `  ${plainLine(note)}`),
    'It counts where it lies as .gitleaks.toml at the root of a repository that is audited.',
  ];
  await io.out(`${lines.join('\n')}\n`);
}
