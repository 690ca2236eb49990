import pg from 'pg';
import { AppError } from '../core/error.ts';
import { type Applied, type Migration, pendingMigrations } from './migrations.ts';

/** Advisory locks of this program: "sea" and a number. */
const MIGRATION_LOCK = 0x736561_01;
const SERVICE_LOCK = 0x736561_02;

const LEDGER = `CREATE TABLE IF NOT EXISTS "schema_migrations" (
  "number" integer PRIMARY KEY, "name" text NOT NULL, "sha256" text NOT NULL, "applied_at" bigint NOT NULL)`;

export async function postgresLedger(client: pg.Client): Promise<Applied[]> {
  const found = await client.query<{ there: string | null }>("SELECT to_regclass('schema_migrations')::text AS there");
  if (found.rows[0]?.there == null) return [];
  const ledger = await client.query<Applied>('SELECT number, name, sha256 FROM schema_migrations ORDER BY number');
  return ledger.rows;
}

/** Applies each migration in a transaction of its own; several processes that start together take turns. */
export async function migratePostgres(
  url: string,
  known: readonly Migration[],
  where: string,
  now: number,
): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    if (pendingMigrations(known, await postgresLedger(client), where).length === 0) return;
    await client.query("SET lock_timeout = '60s'");
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    for (const migration of pendingMigrations(known, await postgresLedger(client), where)) {
      await client.query('BEGIN');
      await client.query(LEDGER);
      await client.query(migration.sql);
      await client.query('INSERT INTO schema_migrations (number, name, sha256, applied_at) VALUES ($1, $2, $3, $4)', [
        migration.number,
        migration.name,
        migration.sha256,
        now,
      ]);
      await client.query('COMMIT');
    }
  } finally {
    await client.end(); // gives the lock back and undoes what was not committed
  }
}

/** Holds the store for one service, by a session's advisory lock: gone when the connection is. */
export async function holdPostgres(url: string, where: string, onLost?: () => void): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, keepAlive: true });
  let released = false;
  client.on('error', () => {
    if (!released) onLost?.();
    released = true;
  });
  await client.connect();
  const answer = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [SERVICE_LOCK]);
  if (!answer.rows[0]?.held) {
    await client.end();
    throw new AppError('store-in-use', `another seaworthy service already runs on the store ${where}`, {
      hint: 'stop it first; more workers on one store are started with: seaworthy worker',
    });
  }
  return async () => {
    released = true;
    await client.end();
  };
}
