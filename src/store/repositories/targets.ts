import { eq, inArray, isNull } from 'drizzle-orm';
import type { Target } from '../../core/target.ts';
import { chunks, excluded } from '../sql.ts';
import type { Store, Tx } from '../store.ts';

export type TargetRow = Store['t']['targets']['$inferSelect'];

/** The configured targets as of the last reading of the configuration. */
export function targetRepository({ t, read }: Store) {
  const { targets } = t;
  return {
    /** Makes the list equal to `configured`; what is no longer named is marked as removed and keeps its history. */
    async replaceAll(q: Tx, configured: readonly Target[], now: number): Promise<void> {
      for (const part of chunks(configured)) {
        await q
          .insert(targets)
          .values(
            part.map((target) => ({
              id: target.id,
              kind: target.kind,
              name: target.name,
              service: target.service,
              environment: target.environment,
              labels: target.labels,
              spec: target,
              addedAt: now,
              removedAt: null,
            })),
          )
          .onConflictDoUpdate({
            target: targets.id,
            set: {
              kind: excluded(targets.kind),
              name: excluded(targets.name),
              service: excluded(targets.service),
              environment: excluded(targets.environment),
              labels: excluded(targets.labels),
              spec: excluded(targets.spec),
              removedAt: null,
            },
          });
      }
      const kept = new Set(configured.map((target) => target.id));
      const there = await q.select({ id: targets.id }).from(targets).where(isNull(targets.removedAt));
      const dropped = there.map((row) => row.id).filter((id) => !kept.has(id));
      for (const part of chunks(dropped)) {
        await q.update(targets).set({ removedAt: now }).where(inArray(targets.id, part));
      }
    },
    /** In the order of their ids; removed ones only where asked for. */
    async list(options: { removed?: boolean } = {}): Promise<TargetRow[]> {
      const rows = await read
        .select()
        .from(targets)
        .where(options.removed ? undefined : isNull(targets.removedAt));
      return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    async get(id: string): Promise<TargetRow | null> {
      const [row] = await read.select().from(targets).where(eq(targets.id, id));
      return row ?? null;
    },
  };
}
