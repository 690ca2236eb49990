import { desc, lt } from 'drizzle-orm';
import { olderThan, type Page, type PageRequest, toPage } from '../sql.ts';
import type { Store, Tx } from '../store.ts';

export type JournalEntry = Store['t']['journal']['$inferSelect'];

/** Who changed what at run time. `details` hold no secrets. */
export function journalRepository({ t, read }: Store) {
  const { journal } = t;
  return {
    /** To be called in the transaction of the change. */
    async add(q: Tx, entry: JournalEntry): Promise<void> {
      await q.insert(journal).values(entry);
    },
    async page(request: PageRequest): Promise<Page<JournalEntry>> {
      const rows = await read
        .select()
        .from(journal)
        .where(olderThan(request.cursor, journal.at, journal.id))
        .orderBy(desc(journal.at), desc(journal.id))
        .limit(request.limit + 1);
      return toPage(rows, request.limit, (row) => row);
    },
    async prune(q: Tx, before: number): Promise<void> {
      await q.delete(journal).where(lt(journal.at, before));
    },
  };
}
