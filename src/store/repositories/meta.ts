import { eq } from 'drizzle-orm';
import { excluded } from '../sql.ts';
import type { Store, Tx } from '../store.ts';

/** Small things by name; a value is JSON and is to be parsed by whoever reads it. */
export function metaRepository({ t, read }: Store) {
  const { meta } = t;
  return {
    async get(key: string): Promise<unknown> {
      const [row] = await read.select().from(meta).where(eq(meta.key, key));
      return row?.value;
    },
    async set(q: Tx, key: string, value: unknown): Promise<void> {
      await q
        .insert(meta)
        .values({ key, value })
        .onConflictDoUpdate({ target: meta.key, set: { value: excluded(meta.value) } });
    },
    async remove(q: Tx, key: string): Promise<void> {
      await q.delete(meta).where(eq(meta.key, key));
    },
  };
}
