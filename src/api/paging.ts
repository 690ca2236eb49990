import { z } from '@hono/zod-openapi';
import type { ZodType } from 'zod';
import { ProblemError } from './problem.ts';

/** Parameters of every list. */
export const PAGE = {
  limit: z.coerce.number().int().min(1).max(500).default(100).openapi({ description: 'items per page, at most 500' }),
  cursor: z.string().max(1_000).optional().openapi({ description: '`nextCursor` of the page before' }),
};

/** For routes that take no parameters: an unknown one is an error, not ignored. */
export const NO_QUERY = z.strictObject({});

export interface PageQuery {
  limit: number;
  cursor?: string | undefined;
}
export interface Listed<T> {
  items: T[];
  nextCursor: string | null;
}

export function listOf<T extends ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** An opaque cursor around a JSON value. */
export function toCursor(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** Reads a cursor by its schema. @throws ProblemError (422) for anything that we did not give out. */
export function fromCursor<T>(cursor: string | undefined, schema: ZodType<T>): T | null {
  if (cursor === undefined) return null;
  try {
    const parsed = schema.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    if (parsed.success) return parsed.data;
  } catch {
    // falls through to the one answer
  }
  throw new ProblemError(422, 'this cursor was not given out by this list', {
    errors: [{ in: 'query', path: 'cursor', message: 'is not a cursor of this list' }],
    hint: 'pass nextCursor of the page before, or leave it out',
  });
}

/** One page of a list that is held in memory; `keyOf` is unique and gives the order. */
export function pageOf<T>(items: readonly T[], keyOf: (item: T) => string, query: PageQuery): Listed<T> {
  const after = fromCursor(query.cursor, z.string());
  const keyed = items.map((item) => ({ key: keyOf(item), item })).sort((a, b) => (a.key < b.key ? -1 : 1));
  const rest = after === null ? keyed : keyed.filter(({ key }) => key > after);
  const page = rest.slice(0, query.limit);
  const last = page.at(-1);
  return {
    items: page.map(({ item }) => item),
    nextCursor: rest.length > page.length && last ? toCursor(last.key) : null,
  };
}
