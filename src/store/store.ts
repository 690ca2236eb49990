import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type { Tables } from './tables/index.ts';

type Db = PgDatabase<PgQueryResultHKT, Record<string, never>>;

/** Sees committed rows only, and cannot write. */
export type Reader = Pick<Db, 'select' | 'selectDistinct'>;
/** The database inside one transaction. */
export type Tx = Pick<Db, 'select' | 'selectDistinct' | 'insert' | 'update' | 'delete'>;

/**
 * Two handles on one database. Repositories take a `Tx` as first parameter where they write, so that several of them can
 * share a transaction; where they only read they use `read`, unless a transaction is handed in as the last parameter.
 */
export interface Store {
  dialect: 'sqlite' | 'postgres';
  readOnly: boolean;
  t: Tables;
  read: Reader;
  /**
   * Runs `work` in one transaction; what it throws undoes all of it. Await nothing but the database inside, and call
   * `write` not again: on SQLite all writers wait in one queue. `work` may be run again from
   * the start (PostgreSQL, after a collision), so it keeps nothing outside that it does not set anew. When it has resolved, the change survives a power cut.
   */
  write<R>(work: (q: Tx) => Promise<R>): Promise<R>;
  /** Keeps other transactions from writing to a table until this one ends; for sweeps that must see every reference. */
  lockTable(q: Tx, name: keyof Tables): Promise<void>;
  /** Bytes on disk. */
  sizeBytes(): Promise<number>;
  /** Writes a consistent copy to a new file while others go on writing. SQLite only. */
  backup(path: string): Promise<void>;
  /** Asks the database whether it is sound; an empty list is good. */
  problems(): Promise<string[]>;
  close(): Promise<void>;
}

export interface StoreOptions {
  /** `sqlite:/path/to/file.db`, or `postgres://user:password@host/database`. */
  url: string;
  /** Opens for looking only: never creates, migrates or writes. */
  readOnly?: boolean;
  /** Refuses a store that another service holds, and holds it until `close` (or the end of the process, however it ends). */
  exclusive?: boolean;
  /** Called when the hold of `exclusive` is lost: the connection to PostgreSQL broke. */
  onLost?: () => void;
  /** SQLite: the file may not grow beyond it. */
  maxBytes?: number;
  /** Folder with `sqlite/` and `postgres/`, where it is not the package's own. */
  migrations?: string;
  /** Epoch ms, for the ledger of migrations. */
  now: number;
}
