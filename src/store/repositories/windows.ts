import { and, asc, eq, gt } from 'drizzle-orm';
import type { Store, Tx } from '../store.ts';

export type Silence = Store['t']['silences']['$inferSelect'];
export type MaintenanceWindow = Store['t']['maintenance']['$inferSelect'];
export type OnCallOverride = Store['t']['onCallOverrides']['$inferSelect'];

/** The three kinds of span that people set at run time. All begin at `startsAt` and hold until, not at, `endsAt`. */
export function silenceRepository({ t, read }: Store) {
  const { silences } = t;
  return {
    async add(q: Tx, silence: Silence): Promise<void> {
      await q.insert(silences).values(silence);
    },
    /** Ends it now; false where it is unknown or over. */
    async end(q: Tx, id: string, now: number): Promise<boolean> {
      const done = await q
        .update(silences)
        .set({ endsAt: now })
        .where(and(eq(silences.id, id), gt(silences.endsAt, now)))
        .returning({ id: silences.id });
      return done.length === 1;
    },
    /** Those that end after `now`: in force or to come. */
    async list(now: number): Promise<Silence[]> {
      return read
        .select()
        .from(silences)
        .where(gt(silences.endsAt, now))
        .orderBy(asc(silences.startsAt), asc(silences.id));
    },
  };
}

export function maintenanceRepository({ t, read }: Store) {
  const { maintenance } = t;
  return {
    async add(q: Tx, window: MaintenanceWindow): Promise<void> {
      await q.insert(maintenance).values(window);
    },
    async end(q: Tx, id: string, now: number): Promise<boolean> {
      const done = await q
        .update(maintenance)
        .set({ endsAt: now })
        .where(and(eq(maintenance.id, id), gt(maintenance.endsAt, now)))
        .returning({ id: maintenance.id });
      return done.length === 1;
    },
    /** Those that end after `since`; uptime asks for past ones too. */
    async list(since: number): Promise<MaintenanceWindow[]> {
      return read
        .select()
        .from(maintenance)
        .where(gt(maintenance.endsAt, since))
        .orderBy(asc(maintenance.startsAt), asc(maintenance.id));
    },
  };
}

export function onCallOverrideRepository({ t, read }: Store) {
  const { onCallOverrides } = t;
  return {
    async add(q: Tx, override: OnCallOverride): Promise<void> {
      await q.insert(onCallOverrides).values(override);
    },
    async end(q: Tx, id: string, now: number): Promise<boolean> {
      const done = await q
        .update(onCallOverrides)
        .set({ endsAt: now })
        .where(and(eq(onCallOverrides.id, id), gt(onCallOverrides.endsAt, now)))
        .returning({ id: onCallOverrides.id });
      return done.length === 1;
    },
    /** Those that end after `since`, in the order in which they were made: the later one wins. */
    async list(since: number): Promise<OnCallOverride[]> {
      return read
        .select()
        .from(onCallOverrides)
        .where(gt(onCallOverrides.endsAt, since))
        .orderBy(asc(onCallOverrides.createdAt), asc(onCallOverrides.id));
    },
  };
}
