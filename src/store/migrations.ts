import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../core/error.ts';

export interface Migration {
  number: number;
  name: string;
  sha256: string;
  sql: string;
}

/** A migration as the ledger in the database remembers it. */
export type Applied = Pick<Migration, 'number' | 'name' | 'sha256'>;

/** The package's `migrations/`, from the sources as well as from the build. */
function ownFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'migrations', 'sqlite'))) {
    const parent = dirname(folder);
    if (parent === folder) {
      throw new AppError('migrations-missing', 'the folder "migrations" is missing from this installation', {
        hint: 'install seaworthy again',
      });
    }
    folder = parent;
  }
  return join(folder, 'migrations');
}

/** Reads `NNNN_name.sql` in order. Numbers start at 1 and have no gap. */
export function readMigrations(dialect: 'sqlite' | 'postgres', root = ownFolder()): Migration[] {
  const folder = join(root, dialect);
  const migrations = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const [, number, name] = /^(\d{4})_([a-z0-9_]+)\.sql$/.exec(file) ?? [];
      if (!number || !name) {
        throw new AppError('migration-name', `${join(folder, file)}: not named NNNN_name.sql`, { hint: 'rename it' });
      }
      const sql = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n');
      return { number: Number(number), name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
    });
  for (const [index, migration] of migrations.entries()) {
    if (migration.number === index + 1) continue;
    throw new AppError('migration-gap', `${folder}: expected migration ${index + 1}, found ${migration.number}`, {
      hint: 'number the files without gaps or repeats',
    });
  }
  return migrations;
}

/** What is still to be applied. Throws where ledger and files tell different stories. */
export function pendingMigrations(known: readonly Migration[], ledger: readonly Applied[], where: string): Migration[] {
  const newest = ledger.at(-1);
  if (newest && newest.number > known.length) {
    throw new AppError(
      'store-newer',
      `the store ${where} is newer than this program: it is at version ${newest.number} (${newest.name}), this program knows ${known.length}`,
      { hint: 'run the newer seaworthy, or restore the copy made before the upgrade' },
    );
  }
  for (const [index, applied] of ledger.entries()) {
    const file = known[index];
    if (applied.number !== index + 1 || !file) {
      throw new AppError('migration-gap', `the store ${where} lacks migration ${index + 1} but has ${applied.number}`, {
        hint: 'restore a backup: its ledger was changed by hand',
      });
    }
    if (applied.sha256 !== file.sha256 || applied.name !== file.name) {
      throw new AppError(
        'migration-changed',
        `migration ${file.number} (${file.name}) is not the one that was applied to the store ${where}`,
        { hint: 'never edit a migration that was applied; undo the edit and add a new file' },
      );
    }
  }
  return known.slice(ledger.length);
}

/** For whoever may not migrate: the store has to be at this program's version. */
export function refuseOutdated(pending: readonly Migration[], where: string): void {
  const first = pending[0];
  if (!first) return;
  throw new AppError(
    'store-outdated',
    `the store ${where} is older than this program (migration ${first.number} is missing)`,
    {
      hint: 'run: seaworthy migrate',
    },
  );
}
