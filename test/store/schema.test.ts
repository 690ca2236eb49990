import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { getTableConfig as pgConfig } from 'drizzle-orm/pg-core';
import { getTableConfig as liteConfig } from 'drizzle-orm/sqlite-core';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snakeCase } from '../../src/store/columns.ts';
import { openStore } from '../../src/store/open.ts';
import { TABLES } from '../../src/store/tables/index.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';

/** What a table is, in words that both databases share. */
interface Shape {
  columns: string[];
  primary: string[];
  indexes: string[];
  owners: string[];
}
type Shapes = Record<string, Shape>;

/** Types as each database names them, in the words of `columns.ts`. */
const KINDS: Record<string, string> = {
  TEXT: 'text',
  text: 'text',
  INTEGER: 'integer',
  integer: 'integer',
  bigint: 'integer',
  boolean: 'boolean',
  REAL: 'real',
  real: 'real',
  'double precision': 'real',
  BLOB: 'bytes',
  blob: 'bytes',
  bytea: 'bytes',
};
const column = (name: string, type: string, notNull: boolean) => `${name} ${KINDS[type]}${notNull ? '' : ' null'}`;
const index = (columns: string[], unique: boolean) => `${unique ? 'unique ' : ''}(${columns.join(', ')})`;

function declared(dialect: 'sqlite' | 'postgres'): Shapes {
  const shapes = Object.values(TABLES).map((table) => {
    const config = dialect === 'sqlite' ? liteConfig(table.sqlite) : pgConfig(table.pg);
    const keys: {
      primary: readonly string[];
      unique?: readonly (readonly string[])[];
      indexes?: readonly (readonly string[])[];
      owners?: Record<string, string>;
    } = table.keys;
    const shape: Shape = {
      columns: config.columns.map((one) => column(one.name, one.getSQLType(), one.notNull)).sort(),
      primary: keys.primary.map(snakeCase),
      indexes: [
        ...(keys.unique ?? []).map((columns) => index(columns.map(snakeCase), true)),
        ...(keys.indexes ?? []).map((columns) => index(columns.map(snakeCase), false)),
      ].sort(),
      owners: Object.entries(keys.owners ?? {})
        .map(([from, to]) => `${snakeCase(from)} -> ${to}.id`)
        .sort(),
    };
    return [table.name, shape] as const;
  });
  return Object.fromEntries(shapes);
}

function sqliteShapes(file: string): Shapes {
  const client = new Database(file, { readonly: true });
  const rows = <T>(sql: string, ...values: unknown[]) => client.prepare(sql).all(...values) as T[];
  const shapes: Shapes = {};
  for (const { name } of rows<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")) {
    const columns = rows<{ name: string; type: string; notnull: number; pk: number }>(
      'SELECT * FROM pragma_table_info(?)',
      name,
    );
    const indexes = rows<{ name: string; unique: number; origin: string }>('SELECT * FROM pragma_index_list(?)', name);
    const foreign = rows<{ table: string; from: string; to: string }>('SELECT * FROM pragma_foreign_key_list(?)', name);
    shapes[name] = {
      columns: columns.map((one) => column(one.name, one.type, one.notnull === 1)).sort(),
      primary: columns
        .filter((one) => one.pk > 0)
        .sort((a, b) => a.pk - b.pk)
        .map((one) => one.name),
      indexes: indexes
        .filter((one) => one.origin === 'c')
        .map((one) => {
          const parts = rows<{ name: string }>('SELECT name FROM pragma_index_info(?) ORDER BY seqno', one.name);
          return index(
            parts.map((part) => part.name),
            one.unique === 1,
          );
        })
        .sort(),
      owners: foreign.map((one) => `${one.from} -> ${one.table}.${one.to}`).sort(),
    };
  }
  client.close();
  return shapes;
}

async function postgresShapes(url: string): Promise<Shapes> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const shapes: Shapes = {};
  const columns = await client.query(
    "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns WHERE table_schema = 'public'",
  );
  const shapeOf = (name: string) => {
    shapes[name] ??= { columns: [], primary: [], indexes: [], owners: [] };
    return shapes[name];
  };
  for (const row of columns.rows) {
    shapeOf(row.table_name).columns.push(column(row.column_name, row.data_type, row.is_nullable === 'NO'));
  }
  const indexes = await client.query(`
    SELECT c.relname AS table_name, i.indisunique, i.indisprimary,
      (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY k(attnum, n)
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum) AS columns
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    WHERE c.relnamespace = 'public'::regnamespace`);
  for (const row of indexes.rows) {
    const shape = shapeOf(row.table_name);
    if (row.indisprimary) shape.primary = row.columns;
    else shape.indexes.push(index(row.columns, row.indisunique));
  }
  const foreign = await client.query(`
    SELECT c.conrelid::regclass::text AS table_name, c.confrelid::regclass::text AS owner, a.attname AS column_name
    FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] WHERE c.contype = 'f'`);
  for (const row of foreign.rows) shapeOf(row.table_name).owners.push(`${row.column_name} -> ${row.owner}.id`);
  await client.end();
  for (const shape of Object.values(shapes)) {
    shape.columns.sort();
    shape.indexes.sort();
    shape.owners.sort();
  }
  return shapes;
}

describe('the migrations', () => {
  let folder: string;
  let server: PostgresServer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'seaworthy-schema-'));
    server = await startPostgres();
  });
  afterAll(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('make of an empty SQLite file what the tables declare, and nothing else', async () => {
    const file = join(folder, 'a.db');
    await (await openStore({ url: `sqlite:${file}`, now: 1 })).close();
    const { schema_migrations: ledger, ...shapes } = sqliteShapes(file);
    expect(ledger?.columns).toHaveLength(4);
    // SQLite has no booleans: they are integers there.
    expect(shapes).toEqual(declared('sqlite'));
  });

  it('make of an empty PostgreSQL database what the tables declare, and nothing else', async () => {
    const url = await server.fresh();
    await (await openStore({ url, now: 1 })).close();
    const { schema_migrations: ledger, ...shapes } = await postgresShapes(url);
    expect(ledger?.columns).toHaveLength(4);
    expect(shapes).toEqual(declared('postgres'));
  });

  it('have the same numbers and names for both databases', async () => {
    const list = (dialect: string) => readdir(join(import.meta.dirname, '../../migrations', dialect));
    expect((await list('postgres')).sort()).toEqual((await list('sqlite')).sort());
  });
});
