import { and, desc, eq, lt } from 'drizzle-orm';
import type { Store, Tx } from '../store.ts';

export type Ping = Store['t']['pings']['$inferSelect'];

/** What jobs reported by themselves. */
export function pingRepository({ t, read }: Store) {
  const { pings } = t;
  return {
    async add(q: Tx, ping: Ping): Promise<void> {
      await q.insert(pings).values(ping);
    },
    /** Newest first. */
    async list(monitorId: string, limit: number): Promise<Ping[]> {
      return read
        .select()
        .from(pings)
        .where(eq(pings.monitorId, monitorId))
        .orderBy(desc(pings.at), desc(pings.id))
        .limit(limit);
    },
    async prune(q: Tx, monitorId: string, before: number): Promise<void> {
      await q.delete(pings).where(and(eq(pings.monitorId, monitorId), lt(pings.at, before)));
    },
  };
}
