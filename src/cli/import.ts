import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { ZodError } from 'zod';
import { AppError, reasonOf } from '../core/error.ts';
import { didYouMean } from '../core/suggest.ts';
import type { Imported } from '../import/imported.ts';
import { IMPORT_FORMATS, type ImportFormat } from '../import/index.ts';
import type { Define } from './verbs.ts';

const BYTES_MAX = 64 * 1024 * 1024;

/** Rules stay in their file, which audits read; what is asked here is what they come to. */
const GITLEAKS = {
  name: 'gitleaks',
  what: 'a .gitleaks.toml: says what of it counts where it lies at the root of a repository',
};

export const define: Define = (command, io) => {
  const names = [...IMPORT_FORMATS.map(({ name }) => name), GITLEAKS.name];
  command
    .argument('<format>', `one of ${names.join(', ')}`)
    .argument('<file>', 'what that product exported')
    .addHelpText(
      'after',
      `\nFormats:\n${[...IMPORT_FORMATS, GITLEAKS].map(({ name, what }) => `  ${name.padEnd(15)} ${what}\n`).join('')}`,
    )
    .action(async (name: string, file: string) => {
      if (name === GITLEAKS.name) return (await import('./import-gitleaks.ts')).importGitleaks(file, io);
      const format = IMPORT_FORMATS.find((one) => one.name === name);
      if (!format) {
        throw new AppError('import-format', `there is no format "${name}"${didYouMean(name, names)}`, {
          hint: `use one of ${names.join(', ')}`,
        });
      }
      const found = await read(format, file, resolve(io.cwd, file));
      await io.out(textOf(found, format.name));
      for (const note of found.notes) io.err(`not carried over or to be done: ${note}\n`);
    });
};

/** The configuration as YAML; what is to be done by hand stands above it. */
export function textOf({ targets, alerting, notes }: Imported, from: string): string {
  const filled = Object.entries(alerting).filter(
    ([, value]) => (Array.isArray(value) ? value : Object.keys(value)).length > 0,
  );
  const data = {
    version: 1,
    ...(targets.length > 0 ? { targets } : {}),
    ...(filled.length > 0 ? { alerting: Object.fromEntries(filled) } : {}),
  };
  const printable = (text: string) => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
  const head = [`# Taken over from ${from}.`, ...notes.map((note) => `# - ${printable(note)}`)];
  return `${head.join('\n')}\n${stringify(data, { lineWidth: 110 })}`;
}

async function read(format: ImportFormat, shown: string, path: string): Promise<Imported> {
  if (!existsSync(path)) throw new AppError('no-file', `there is no file ${shown}`);
  const stat = statSync(path);
  if (!stat.isFile()) throw new AppError('no-file', `${shown} is not a file`);
  if (stat.size > BYTES_MAX) throw new AppError('file-size', `${shown} has more than ${BYTES_MAX / 1024 / 1024} MiB`);
  try {
    if (format.name === 'uptime-kuma' && isSqlite(path)) {
      return await (await import('./kuma-database.ts')).readKumaDatabase(path);
    }
    const text = readFileSync(path, 'utf8');
    // YAML reads JSON too; a limit on aliases keeps a small file from becoming a huge one.
    const data: unknown = text.trimStart().startsWith('{') ? JSON.parse(text) : parse(text, { maxAliasCount: 1_000 });
    return format.read(data);
  } catch (thrown) {
    throw new AppError('import-file', `${shown} is not what ${format.name} exports: ${problemOf(thrown)}`, {
      hint: `give it ${format.what}`,
    });
  }
}

function problemOf(thrown: unknown): string {
  if (!(thrown instanceof ZodError)) return reasonOf(thrown).slice(0, 300);
  const [first] = thrown.issues;
  return first === undefined ? 'unreadable' : `${first.path.join('.') || 'the file'}: ${first.message}`;
}

function isSqlite(path: string): boolean {
  const head = Buffer.alloc(16);
  const file = openSync(path, 'r');
  try {
    readSync(file, head, 0, 16, 0);
  } finally {
    closeSync(file);
  }
  return head.toString('latin1') === 'SQLite format 3\0';
}
