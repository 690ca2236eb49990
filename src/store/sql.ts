import { type AnyColumn, type SQL, sql } from 'drizzle-orm';
import { AppError } from '../core/error.ts';

/** Rows per statement: SQLite takes 32,766 parameters, PostgreSQL 65,535. */
const CHUNK = 500;

export function chunks<T>(rows: readonly T[], size = CHUNK): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < rows.length; start += size) parts.push(rows.slice(start, start + size));
  return parts;
}

/** The value that an upsert wanted to insert. */
export function excluded<T>(column: AnyColumn & { _: { data: T } }): SQL<T> {
  return sql<T>`excluded.${sql.identifier(column.name)}`;
}

/** `count()`, `sum()` and `max()` come back from PostgreSQL as text. */
export function numeric(expression: SQL): SQL<number> {
  return expression.mapWith(Number) as SQL<number>;
}

/** One page of a list, newest first. */
export interface Page<T> {
  items: T[];
  /** Hand it in again for the next page; null at the end. */
  nextCursor: string | null;
}

export interface PageRequest {
  cursor?: string | undefined;
  limit: number;
}

interface Place {
  at: number;
  id: string;
}

export function readCursor(cursor: string): Place {
  const [, at, id] = /^(-?\d{1,16})\.(.{1,200})$/s.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  if (at === undefined || id === undefined) {
    throw new AppError('cursor-invalid', 'the cursor is not one of this list', {
      hint: 'start again without a cursor',
    });
  }
  return { at: Number(at), id };
}

/** Rows after the cursor in the order (instant, id), both descending: stable while newer rows come in. */
export function olderThan(cursor: string | undefined, at: AnyColumn, id: AnyColumn): SQL | undefined {
  if (cursor === undefined) return undefined;
  const place = readCursor(cursor);
  return sql`(${at} < ${place.at} or (${at} = ${place.at} and ${id} < ${place.id}))`;
}

/** Makes a page of `limit` rows from `limit + 1` that were read. */
export function toPage<T>(rows: readonly T[], limit: number, place: (row: T) => Place): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  if (rows.length <= limit || last === undefined) return { items, nextCursor: null };
  const { at, id } = place(last);
  return { items, nextCursor: Buffer.from(`${at}.${id}`).toString('base64url') };
}
