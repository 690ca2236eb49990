import type { BuildColumns } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';
import * as lite from 'drizzle-orm/sqlite-core';

/**
 * One declaration per table, two drizzle tables. Repositories are written against the PostgreSQL type; the SQLite table
 * has the same names and the same row type and stands in for it at run time.
 */
interface Column<B extends pg.PgColumnBuilderBase = pg.PgColumnBuilderBase> {
  pg(name: string): B;
  sqlite(name: string): lite.SQLiteColumnBuilderBase;
}

// PostgreSQL takes no NUL in text, SQLite does; both must keep the same of a hostile answer.
const storable = (value: string): string => value.replace(/\0|\p{Surrogate}/gu, '\uFFFD');

const pgText = pg.customType<{ data: string; driverData: string }>({ dataType: () => 'text', toDriver: storable });
const liteText = lite.customType<{ data: string; driverData: string }>({ dataType: () => 'text', toDriver: storable });
// JSON is text on both sides: jsonb refuses \u0000 and reorders keys, and nothing is ever asked of the inside.
const jsonCodec = { dataType: () => 'text', toDriver: JSON.stringify, fromDriver: JSON.parse } as const;
const pgBytes = pg.customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });

/** Text; NUL and half surrogates become U+FFFD. */
export const str = {
  required: <T extends string = string>() => ({
    pg: (name: string) => pgText(name).$type<T>().notNull(),
    sqlite: (name: string) => liteText(name).notNull(),
  }),
  nullable: <T extends string = string>() => ({
    pg: (name: string) => pgText(name).$type<T>(),
    sqlite: (name: string) => liteText(name),
  }),
};

/** A whole number; instants are epoch ms. */
export const int = {
  required: () => ({
    pg: (name: string) => pg.bigint(name, { mode: 'number' }).notNull(),
    sqlite: (name: string) => lite.integer(name).notNull(),
  }),
  nullable: () => ({
    pg: (name: string) => pg.bigint(name, { mode: 'number' }),
    sqlite: (name: string) => lite.integer(name),
  }),
};

export const real = {
  required: () => ({
    pg: (name: string) => pg.doublePrecision(name).notNull(),
    sqlite: (name: string) => lite.real(name).notNull(),
  }),
  nullable: () => ({
    pg: (name: string) => pg.doublePrecision(name),
    sqlite: (name: string) => lite.real(name),
  }),
};

export const bool = {
  required: () => ({
    pg: (name: string) => pg.boolean(name).notNull(),
    sqlite: (name: string) => lite.integer(name, { mode: 'boolean' }).notNull(),
  }),
};

/** A JSON document of type `T`, kept as text; never queried inside. */
export const json = {
  required: <T>() => ({
    pg: (name: string) => pg.customType<{ data: T; driverData: string }>(jsonCodec)(name).notNull(),
    sqlite: (name: string) => lite.customType<{ data: T; driverData: string }>(jsonCodec)(name).notNull(),
  }),
  nullable: <T>() => ({
    pg: (name: string) => pg.customType<{ data: T; driverData: string }>(jsonCodec)(name),
    sqlite: (name: string) => lite.customType<{ data: T; driverData: string }>(jsonCodec)(name),
  }),
};

export const bytes = {
  required: () => ({
    pg: (name: string) => pgBytes(name).notNull(),
    sqlite: (name: string) => lite.blob(name, { mode: 'buffer' }).notNull(),
  }),
};

type Columns = Record<string, Column>;
type PgBuilders<C extends Columns> = { [K in keyof C]: ReturnType<C[K]['pg']> };

/** Keys and indexes as the migrations must have made them; compared with both databases by a test. */
interface Keys<C> {
  primary: readonly (keyof C & string)[];
  unique?: readonly (readonly (keyof C & string)[])[];
  indexes?: readonly (readonly (keyof C & string)[])[];
  /** Column to table, for rows that go when their owner goes; the other side's key is `id`. */
  owners?: Partial<Record<keyof C & string, string>>;
}

export interface TablePair<T extends pg.PgTable = pg.PgTable> {
  name: string;
  keys: Keys<Record<string, unknown>>;
  pg: T;
  sqlite: lite.SQLiteTable;
}

/** `firstSeen` in code is `first_seen` in the database. */
export const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Declares a table for both databases. */
export function table<N extends string, C extends Columns>(name: N, columns: C, keys: Keys<C>) {
  const built = <B>(pick: (column: Column, name: string) => B): Record<string, B> =>
    Object.fromEntries(Object.entries(columns).map(([key, column]) => [key, pick(column, snakeCase(key))]));
  return {
    name,
    keys,
    pg: pg.pgTable(
      name,
      built((column, as) => column.pg(as)),
    ) as unknown as pg.PgTableWithColumns<{
      name: N;
      schema: undefined;
      columns: BuildColumns<N, PgBuilders<C>, 'pg'>;
      dialect: 'pg';
    }>,
    sqlite: lite.sqliteTable(
      name,
      built((column, as) => column.sqlite(as)),
    ) as lite.SQLiteTable,
  };
}
