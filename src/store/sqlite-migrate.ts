import { closeSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type Database from 'better-sqlite3';
import { AppError } from '../core/error.ts';
import { type Applied, type Migration, pendingMigrations } from './migrations.ts';

const LEDGER = `CREATE TABLE IF NOT EXISTS "schema_migrations" (
  "number" integer PRIMARY KEY, "name" text NOT NULL, "sha256" text NOT NULL, "applied_at" integer NOT NULL) STRICT`;

/** The ledger; empty where there is none yet. Refuses a database that has tables but no ledger: it is somebody else's. */
export function sqliteLedger(client: Database.Database, where: string): Applied[] {
  const tables = client.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all();
  if (tables.includes('schema_migrations')) {
    return client.prepare('SELECT number, name, sha256 FROM schema_migrations ORDER BY number').all() as Applied[];
  }
  if (tables.length === 0) return [];
  throw new AppError('store-foreign', `the store ${where} is a database of another program`, {
    hint: 'choose another file',
  });
}

/** Brings the file up to date: a copy first (`FILE.before-NNNN`), then each migration in a transaction of its own. */
export async function migrateSqlite(
  client: Database.Database,
  known: readonly Migration[],
  file: string,
  now: number,
): Promise<void> {
  const ledger = sqliteLedger(client, file);
  const pending = pendingMigrations(known, ledger, file);
  const [first] = pending;
  if (!first) return;
  if (ledger.length > 0) {
    await copyBefore(client, file, first.number);
  }
  // SQLite ignores this pragma inside a transaction, and a rebuilt table would then take its children with it.
  client.pragma('foreign_keys = OFF');
  try {
    for (const migration of pending) apply(client, migration, known, file, now);
  } finally {
    client.pragma('foreign_keys = ON');
  }
}

/** Writes the copy under a name of its own first, so that one cut short is never taken for a whole one. */
async function copyBefore(client: Database.Database, file: string, number: number): Promise<void> {
  const copy = `${file}.before-${String(number).padStart(4, '0')}`;
  const folder = dirname(file);
  for (const name of readdirSync(folder)) {
    const [, pid] = /\.before-\d{4}\.(\d+)\.part/.exec(name) ?? [];
    if (name.startsWith(basename(file)) && pid && !isAlive(Number(pid))) rmSync(join(folder, name), { force: true });
  }
  const part = `${copy}.${process.pid}.part`;
  closeSync(openSync(part, 'w', 0o600));
  await client.backup(part);
  renameSync(part, copy);
  for (const rest of ['-wal', '-shm']) rmSync(`${part}${rest}`, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}

function apply(
  client: Database.Database,
  migration: Migration,
  known: readonly Migration[],
  file: string,
  now: number,
): void {
  client.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have been faster while this one waited for the lock.
    if (!pendingMigrations(known, sqliteLedger(client, file), file).includes(migration)) {
      client.exec('ROLLBACK');
      return;
    }
    client.exec(LEDGER);
    client.exec(migration.sql);
    const broken = client.pragma('foreign_key_check') as unknown[];
    if (broken.length > 0) {
      throw new AppError(
        'migration-failed',
        `migration ${migration.number} (${migration.name}) would leave ${broken.length} rows without their owner`,
        { hint: 'nothing was changed; report this' },
      );
    }
    client
      .prepare('INSERT INTO schema_migrations (number, name, sha256, applied_at) VALUES (?, ?, ?, ?)')
      .run(migration.number, migration.name, migration.sha256, now);
    client.exec('COMMIT');
  } catch (thrown) {
    if (client.inTransaction) client.exec('ROLLBACK');
    throw thrown;
  }
}
