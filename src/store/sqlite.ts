import { AsyncLocalStorage } from 'node:async_hooks';
import { accessSync, closeSync, constants, existsSync, openSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { AppError } from '../core/error.ts';
import { storeError } from './errors.ts';
import { makeFolder } from './folder.ts';
import { pendingMigrations, readMigrations, refuseOutdated } from './migrations.ts';
import { holdSqlite } from './sqlite-lock.ts';
import { migrateSqlite, sqliteLedger } from './sqlite-migrate.ts';
import type { Store, StoreOptions, Tx } from './store.ts';
import { tablesFor } from './tables/index.ts';

/** How long a writer waits for one in another process (the command line beside the service). */
const WRITE_WAIT_MS = 15_000;

/** NFS, SMB, CIFS, SMB2, CephFS, AFS (statfs(2)): byte-range locks and shared memory cannot be relied on there. */
const NETWORK_FILE_SYSTEMS = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x00c36400, 0x5346414f]);

export async function openSqlite(file: string, options: StoreOptions): Promise<Store> {
  const opened: (() => void)[] = [];
  try {
    return await open(file, options, opened);
  } catch (thrown) {
    for (const close of opened.reverse()) close();
    throw storeError(thrown, file);
  }
}

async function open(file: string, options: StoreOptions, opened: (() => void)[]): Promise<Store> {
  const readOnly = options.readOnly ?? false;
  if (!existsSync(file)) {
    if (readOnly) {
      throw new AppError('store-missing', `there is no store at ${file}`, {
        hint: 'start the service once, or check --data',
      });
    }
    makeFolder(dirname(file));
    closeSync(openSync(file, 'a', 0o600));
  }
  if (NETWORK_FILE_SYSTEMS.has(statfsSync(dirname(file)).type)) {
    throw new AppError('store-on-network', `the store ${file} is on a network file system, where SQLite loses data`, {
      hint: 'choose a local folder with --data, or use PostgreSQL',
    });
  }
  if (!readOnly) {
    // SQLite itself would open a read-only file without a word and fail at the first write.
    for (const path of [file, dirname(file)]) accessSync(path, constants.R_OK | constants.W_OK);
  }
  if (options.exclusive) opened.push(holdSqlite(file));
  const known = readMigrations('sqlite', options.migrations);
  const writer = readOnly ? undefined : connectWriter(file, options.maxBytes);
  if (writer) {
    opened.push(() => writer.close());
    await migrateSqlite(writer, known, file, options.now);
  }
  const reader = new Database(file, { readonly: true, fileMustExist: true, timeout: 5_000 });
  opened.push(() => reader.close());
  if (readOnly) refuseOutdated(pendingMigrations(known, sqliteLedger(reader, file), file), file);

  const inside = new AsyncLocalStorage<{ open: boolean }>();
  let queue: Promise<unknown> = Promise.resolve();
  let closed = false;
  const write = async <R>(work: (q: Tx) => Promise<R>): Promise<R> => {
    if (!writer) throw new AppError('store-read-only', `the store ${file} was opened for reading only`);
    if (closed) throw new AppError('store-closed', `the store ${file} is closed`);
    if (inside.getStore()?.open) throw new Error('write was called inside write: hand the transaction on instead');
    const scope = { open: true };
    const run = queue.then(() => inside.run(scope, () => transaction(writer, file, work)));
    queue = run.then(
      () => undefined,
      () => undefined,
    );
    return run.finally(() => {
      scope.open = false;
    });
  };

  return {
    dialect: 'sqlite',
    readOnly,
    t: tablesFor('sqlite'),
    read: drizzle(reader) as unknown as Store['read'],
    write,
    lockTable: async () => undefined, // the transaction is alone already
    async sizeBytes() {
      return [file, `${file}-wal`].reduce(
        (sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0),
        0,
      );
    },
    async backup(path) {
      if (existsSync(path)) {
        throw new AppError('store-exists', `${path} exists already`, { hint: 'choose a new name for the copy' });
      }
      try {
        closeSync(openSync(path, 'ax', 0o600));
        await reader.backup(path);
      } catch (thrown) {
        throw storeError(thrown, file);
      }
    },
    async problems() {
      const rows = reader.pragma('integrity_check') as { integrity_check: string }[];
      const broken = reader.pragma('foreign_key_check') as { table: string; rowid: number }[];
      return [
        ...rows.map((row) => row.integrity_check).filter((line) => line !== 'ok'),
        ...broken.map((row) => `${row.table}: row ${row.rowid} has lost its owner`),
      ];
    },
    async close() {
      if (closed) return;
      closed = true;
      await queue;
      if (writer) checkpoint(writer);
      for (const close of opened.reverse()) close();
    },
  };
}

/**
 * WAL with `synchronous = FULL`: a commit has reached the disk when it returns, so what was reported survives a kill and
 * a power cut alike (with NORMAL a power cut may take back the newest commits). Batches keep the price low.
 */
function connectWriter(file: string, maxBytes: number | undefined): Database.Database {
  const writer = new Database(file, { timeout: 5_000 });
  writer.pragma('journal_mode = WAL');
  writer.pragma('synchronous = FULL');
  writer.pragma('foreign_keys = ON');
  if (maxBytes !== undefined) {
    const pageSize = writer.pragma('page_size', { simple: true }) as number;
    writer.pragma(`max_page_count = ${Math.max(1, Math.floor(maxBytes / pageSize))}`);
  }
  return writer;
}

async function transaction<R>(writer: Database.Database, file: string, work: (q: Tx) => Promise<R>): Promise<R> {
  try {
    await begin(writer);
    const result = await work(drizzle(writer) as unknown as Tx);
    writer.exec('COMMIT');
    return result;
  } catch (thrown) {
    if (writer.inTransaction) writer.exec('ROLLBACK');
    throw storeError(thrown, file);
  }
}

/** Waits for a writer in another process without blocking this one's event loop, as SQLite's own busy handler would. */
async function begin(writer: Database.Database): Promise<void> {
  writer.pragma('busy_timeout = 0');
  const start = performance.now();
  for (let pause = 1; ; pause = Math.min(pause * 2, 50)) {
    try {
      writer.exec('BEGIN IMMEDIATE');
      writer.pragma('busy_timeout = 5000');
      return;
    } catch (thrown) {
      const busy = thrown instanceof Database.SqliteError && thrown.code.startsWith('SQLITE_BUSY');
      if (!busy || performance.now() - start > WRITE_WAIT_MS) throw thrown;
    }
    await sleep(pause);
  }
}

function checkpoint(writer: Database.Database): void {
  try {
    writer.pragma('wal_checkpoint(TRUNCATE)');
  } catch {
    // A full or vanished disk: the log stays beside the file and is read at the next start.
  }
}
