import { and, eq, inArray } from 'drizzle-orm';
import { chunks } from '../sql.ts';
import type { Reader, Store, Tx } from '../store.ts';

export function receiptRepository({ t, read }: Store) {
  const { receipts } = t;
  return {
    /** Keeps what the service behind a channel calls its message about these incidents; a newer one takes the place of an older. */
    async keep(q: Tx, channel: string, incidentIds: readonly string[], receipt: string, now: number): Promise<void> {
      for (const incidentId of new Set(incidentIds)) {
        await q
          .insert(receipts)
          .values({ channel, incidentId, receipt, at: now })
          .onConflictDoUpdate({ target: [receipts.channel, receipts.incidentId], set: { receipt, at: now } });
      }
    },
    /** Incident to receipt, of those that the channel has one for. */
    async of(channel: string, incidentIds: readonly string[], q: Reader = read): Promise<Map<string, string>> {
      const found = new Map<string, string>();
      for (const part of chunks([...new Set(incidentIds)])) {
        const rows = await q
          .select()
          .from(receipts)
          .where(and(eq(receipts.channel, channel), inArray(receipts.incidentId, part)));
        for (const row of rows) found.set(row.incidentId, row.receipt);
      }
      return found;
    },
  };
}
