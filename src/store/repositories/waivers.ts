import { and, asc, eq, isNull } from 'drizzle-orm';
import type { Waiver } from '../../core/waiver.ts';
import type { Store, Tx } from '../store.ts';

/** A waiver made at run time; `until` as in the configuration. */
export type StoredWaiver = Waiver & { id: string; createdAt: number; createdBy: string; revokedAt: number | null };

export function waiverRepository({ t, read }: Store) {
  const { waivers } = t;
  const toWaiver = ({ checkId, targetId, subject, ...row }: typeof waivers.$inferSelect): StoredWaiver => ({
    ...row,
    check: checkId,
    ...(targetId === null ? {} : { target: targetId }),
    ...(subject === null ? {} : { subject }),
  });
  return {
    async add(q: Tx, waiver: Omit<StoredWaiver, 'revokedAt'>): Promise<void> {
      const { check, target, subject, ...rest } = waiver;
      await q
        .insert(waivers)
        .values({ ...rest, checkId: check, targetId: target ?? null, subject: subject ?? null, revokedAt: null });
    },
    /** False where there is none, or it was revoked before. */
    async revoke(q: Tx, id: string, now: number): Promise<boolean> {
      const done = await q
        .update(waivers)
        .set({ revokedAt: now })
        .where(and(eq(waivers.id, id), isNull(waivers.revokedAt)))
        .returning({ id: waivers.id });
      return done.length === 1;
    },
    /** All that were not revoked, expired ones included: `applyWaivers` knows the difference. Oldest first. */
    async list(): Promise<StoredWaiver[]> {
      const rows = await read
        .select()
        .from(waivers)
        .where(isNull(waivers.revokedAt))
        .orderBy(asc(waivers.createdAt), asc(waivers.id));
      return rows.map(toWaiver);
    },
    async get(id: string): Promise<StoredWaiver | null> {
      const [row] = await read.select().from(waivers).where(eq(waivers.id, id));
      return row ? toWaiver(row) : null;
    },
  };
}
