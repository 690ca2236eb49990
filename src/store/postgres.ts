import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { AppError } from '../core/error.ts';
import { rootOf, storeError } from './errors.ts';
import { pendingMigrations, readMigrations, refuseOutdated } from './migrations.ts';
import { holdPostgres, migratePostgres, postgresLedger } from './postgres-migrate.ts';
import type { Store, StoreOptions, Tx } from './store.ts';
import { TABLES, tablesFor } from './tables/index.ts';

const READERS = 8;
const WRITERS = 4;
/** How often a transaction is begun when it collides with another process's. */
const ATTEMPTS = 3;

/** Unique violation, serialization failure, deadlock: the same work may succeed on what the other one left. */
function isCollision(thrown: unknown): boolean {
  const root = rootOf(thrown);
  return root instanceof pg.DatabaseError && ['23505', '40001', '40P01'].includes(root.code ?? '');
}

/** The address without the password, for messages. */
function shown(url: string): string {
  const { host, pathname } = new URL(url);
  return `postgres://${host}${pathname}`;
}

export async function openPostgres(url: string, options: StoreOptions): Promise<Store> {
  const opened: (() => Promise<void>)[] = [];
  const where = shown(url);
  try {
    return await open(url, where, options, opened);
  } catch (thrown) {
    for (const close of opened.reverse()) await close();
    throw storeError(thrown, where);
  }
}

/** The database itself refuses to write through the reading handle. */
function readOnlyUrl(url: string): string {
  const changed = new URL(url);
  const options = changed.searchParams.get('options') ?? '';
  changed.searchParams.set('options', `${options} -c default_transaction_read_only=on`.trim());
  return changed.href;
}

/** Times out statements that hang, so that one of them cannot hold the pool. */
function pool(url: string, max: number, readOnly: boolean): pg.Pool {
  const made = new pg.Pool({
    connectionString: readOnly ? readOnlyUrl(url) : url,
    max,
    connectionTimeoutMillis: 10_000,
    idle_in_transaction_session_timeout: 60_000,
    statement_timeout: 60_000,
    application_name: readOnly ? 'seaworthy (read)' : 'seaworthy',
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  made.on('error', () => undefined);
  return made;
}

async function open(
  url: string,
  where: string,
  options: StoreOptions,
  opened: (() => Promise<void>)[],
): Promise<Store> {
  const readOnly = options.readOnly ?? false;
  const known = readMigrations('postgres', options.migrations);
  if (readOnly) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
    await client.connect();
    opened.push(() => client.end());
    refuseOutdated(pendingMigrations(known, await postgresLedger(client), where), where);
    await opened.pop()?.();
  } else {
    await migratePostgres(url, known, where, options.now);
  }
  if (options.exclusive) opened.push(await holdPostgres(url, where, options.onLost));
  const readers = pool(url, READERS, true);
  opened.push(() => readers.end());
  const writers = pool(url, WRITERS, false);
  opened.push(() => writers.end());
  const read = drizzle(readers);
  const writer = drizzle(writers);
  let closing: Promise<void> | undefined;

  return {
    dialect: 'postgres',
    readOnly,
    t: tablesFor('postgres'),
    read: read as unknown as Store['read'],
    async write(work) {
      if (readOnly) throw new AppError('store-read-only', `the store ${where} was opened for reading only`);
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await writer.transaction((q) => work(q as unknown as Tx));
        } catch (thrown) {
          if (attempt === ATTEMPTS || !isCollision(thrown)) throw storeError(thrown, where);
        }
      }
    },
    async lockTable(q, name) {
      await (q as unknown as typeof writer).execute(
        sql`LOCK TABLE ${sql.identifier(TABLES[name].name)} IN SHARE ROW EXCLUSIVE MODE`,
      );
    },
    async sizeBytes() {
      const answer = await read.execute<{ size: string }>(sql`SELECT pg_database_size(current_database()) AS size`);
      return Number(answer.rows[0]?.size ?? 0);
    },
    async backup() {
      throw new AppError('store-backup', 'seaworthy backup copies SQLite stores only', {
        hint: `use pg_dump for ${where}`,
      });
    },
    async problems() {
      const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
      try {
        await client.connect();
        pendingMigrations(known, await postgresLedger(client), where);
        return [];
      } catch (thrown) {
        return [storeError(thrown, where).message];
      } finally {
        await client.end().catch(() => undefined);
      }
    },
    close() {
      closing ??= (async () => {
        for (const close of opened.reverse()) await close();
      })();
      return closing;
    },
  };
}
