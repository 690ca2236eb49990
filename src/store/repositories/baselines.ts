import { asc, eq } from 'drizzle-orm';
import { excluded } from '../sql.ts';
import type { Store, Tx } from '../store.ts';

export type Baseline = Store['t']['baselines']['$inferSelect'];

/** What a gate compares with, by name. `report` is an audit report; parse it, it may be from an older version. */
export function baselineRepository({ t, read }: Store) {
  const { baselines } = t;
  return {
    async put(q: Tx, baseline: Baseline): Promise<void> {
      await q
        .insert(baselines)
        .values(baseline)
        .onConflictDoUpdate({
          target: baselines.name,
          set: {
            auditId: excluded(baselines.auditId),
            createdAt: excluded(baselines.createdAt),
            createdBy: excluded(baselines.createdBy),
            report: excluded(baselines.report),
          },
        });
    },
    async get(name: string): Promise<Baseline | null> {
      const [row] = await read.select().from(baselines).where(eq(baselines.name, name));
      return row ?? null;
    },
    async list(): Promise<Omit<Baseline, 'report'>[]> {
      const { name, auditId, createdAt, createdBy } = baselines;
      return read.select({ name, auditId, createdAt, createdBy }).from(baselines).orderBy(asc(createdAt), asc(name));
    },
    async remove(q: Tx, name: string): Promise<boolean> {
      const gone = await q.delete(baselines).where(eq(baselines.name, name)).returning({ name: baselines.name });
      return gone.length === 1;
    },
  };
}
