import { and, asc, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import type { Beat, BeatRollup, BeatState, MonitorState } from '../../core/monitor.ts';
import { ROLLUP_WIDTHS_MS, rollUp } from '../../core/rollup.ts';
import { chunks, excluded } from '../sql.ts';
import type { Store, Tx } from '../store.ts';

export type MonitorChange = Store['t']['monitorChanges']['$inferSelect'];

/** A batch from the loop: what was seen and where it left the monitors. */
export interface BeatBatch {
  beats: readonly Beat[];
  states?: readonly MonitorState[];
  changes?: readonly MonitorChange[];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How long beats and their sums are kept; days for ever. */
export const BEAT_RETENTION = { rawMs: 2 * DAY_MS, minuteMs: 7 * DAY_MS, hourMs: 90 * DAY_MS } as const;

export function monitorRepository({ t, read }: Store) {
  const { beats, rollups, monitorStates, monitorChanges } = t;

  return {
    /** Adds beats, their minute, hour and day sums, and the new states, all or nothing. A beat that is known is not counted twice. */
    async append(q: Tx, batch: BeatBatch): Promise<void> {
      const fresh: Beat[] = [];
      for (const part of chunks(batch.beats)) {
        const added = await q
          .insert(beats)
          .values(part.map(toRow))
          .onConflictDoNothing()
          .returning({ monitorId: beats.monitorId, scheduledAt: beats.scheduledAt });
        if (added.length === part.length) fresh.push(...part);
        else {
          const keys = new Set(added.map((row) => `${row.scheduledAt} ${row.monitorId}`));
          // Taken out once found, so that a beat given twice in one batch counts once.
          fresh.push(...part.filter((beat) => keys.delete(`${beat.scheduledAt} ${beat.monitorId}`)));
        }
      }
      for (const part of chunks(rollUp(fresh))) await addSums(q, part);
      for (const part of chunks(batch.states ?? [])) {
        await q
          .insert(monitorStates)
          .values(
            part.map((body) => ({
              monitorId: body.monitorId,
              state: body.state,
              since: body.since,
              body,
              updatedAt: body.lastBeatAt ?? body.since,
            })),
          )
          .onConflictDoUpdate({
            target: monitorStates.monitorId,
            set: {
              state: excluded(monitorStates.state),
              since: excluded(monitorStates.since),
              body: excluded(monitorStates.body),
              updatedAt: excluded(monitorStates.updatedAt),
            },
          });
      }
      for (const part of chunks(batch.changes ?? [])) {
        await q.insert(monitorChanges).values(part).onConflictDoNothing();
      }
    },

    /** Where every monitor stands, by its id; or only those that are named. */
    async states(ids?: readonly string[]): Promise<Map<string, MonitorState>> {
      const named = ids && inArray(monitorStates.monitorId, [...ids]);
      const rows = await read.select().from(monitorStates).where(named);
      return new Map(rows.map((row) => [row.monitorId, row.body]));
    },

    /** The confirmed state alone of every monitor: quick enough to order ten thousand by. */
    async standings(): Promise<Map<string, BeatState>> {
      const rows = await read.select({ id: monitorStates.monitorId, state: monitorStates.state }).from(monitorStates);
      return new Map(rows.map((row) => [row.id, row.state]));
    },

    async state(monitorId: string): Promise<MonitorState | null> {
      const [row] = await read.select().from(monitorStates).where(eq(monitorStates.monitorId, monitorId));
      return row?.body ?? null;
    },

    /** Raw beats due in [from, to), oldest first; the newest `limit` of them. */
    async beats(monitorId: string, range: { from: number; to: number; limit: number }): Promise<Beat[]> {
      const rows = await read
        .select()
        .from(beats)
        .where(and(eq(beats.monitorId, monitorId), gte(beats.scheduledAt, range.from), lt(beats.scheduledAt, range.to)))
        .orderBy(desc(beats.scheduledAt))
        .limit(range.limit);
      return rows.reverse().map(toBeat);
    },

    /** Sums of one width (60_000, 3_600_000 or 86_400_000) that begin in [from, to), oldest first. Where nothing was seen there is no row. */
    async rollups(monitorId: string, range: { widthMs: number; from: number; to: number }): Promise<BeatRollup[]> {
      return read
        .select()
        .from(rollups)
        .where(
          and(
            eq(rollups.monitorId, monitorId),
            eq(rollups.widthMs, range.widthMs),
            gte(rollups.from, range.from),
            lt(rollups.from, range.to),
          ),
        )
        .orderBy(asc(rollups.from));
    },

    /** Sums of one width of several monitors (at most some hundreds): for lists with a sparkline each. */
    async rollupsOf(
      ids: readonly string[],
      range: { widthMs: number; from: number; to: number },
    ): Promise<Map<string, BeatRollup[]>> {
      if (ids.length === 0) return new Map();
      const named = inArray(rollups.monitorId, [...ids]);
      const rows = await read
        .select()
        .from(rollups)
        .where(
          and(named, eq(rollups.widthMs, range.widthMs), gte(rollups.from, range.from), lt(rollups.from, range.to)),
        )
        .orderBy(asc(rollups.monitorId), asc(rollups.from));
      const byMonitor = new Map<string, BeatRollup[]>();
      for (const row of rows) {
        const list = byMonitor.get(row.monitorId);
        if (list) list.push(row);
        else byMonitor.set(row.monitorId, [row]);
      }
      return byMonitor;
    },

    /** Confirmed changes in [from, to), oldest first, and the newest one before `from`, which says how the range began. */
    async changes(monitorId: string, range: { from: number; to: number }): Promise<MonitorChange[]> {
      const mine = eq(monitorChanges.monitorId, monitorId);
      const earlier = await read
        .select()
        .from(monitorChanges)
        .where(and(mine, lt(monitorChanges.at, range.from)))
        .orderBy(desc(monitorChanges.at))
        .limit(1);
      const inside = await read
        .select()
        .from(monitorChanges)
        .where(and(mine, gte(monitorChanges.at, range.from), lt(monitorChanges.at, range.to)))
        .orderBy(asc(monitorChanges.at));
      return [...earlier, ...inside];
    },

    /** The same of all monitors, or of those that are named, by id. */
    async changesOfAll(
      range: { from: number; to: number },
      ids?: readonly string[],
    ): Promise<Map<string, MonitorChange[]>> {
      const { monitorId, at } = monitorChanges;
      const named = ids && inArray(monitorId, [...ids]);
      const newest = read
        .select({ monitorId, last: sql<number>`max(${at})`.as('last') })
        .from(monitorChanges)
        .where(and(named, lt(at, range.from)))
        .groupBy(monitorId)
        .as('newest');
      const earlier = await read
        .select({ row: monitorChanges })
        .from(monitorChanges)
        .innerJoin(newest, and(eq(monitorId, newest.monitorId), eq(at, newest.last)));
      const inside = await read
        .select()
        .from(monitorChanges)
        .where(and(named, gte(at, range.from), lt(at, range.to)))
        .orderBy(asc(at));
      const byMonitor = new Map<string, MonitorChange[]>();
      for (const change of [...earlier.map(({ row }) => row), ...inside]) {
        const list = byMonitor.get(change.monitorId);
        if (list) list.push(change);
        else byMonitor.set(change.monitorId, [change]);
      }
      return byMonitor;
    },

    /**
     * Deletes what is older than `BEAT_RETENTION`: monitor by monitor, so that it walks the key and not the whole table.
     * With many monitors name some at a time, so that beats do not wait for one long transaction.
     */
    async prune(q: Tx, now: number, monitorIds?: readonly string[]): Promise<void> {
      const known =
        monitorIds ?? (await q.select({ id: monitorStates.monitorId }).from(monitorStates)).map((m) => m.id);
      const [minute, hour] = ROLLUP_WIDTHS_MS;
      for (const id of known) {
        await q.delete(beats).where(and(eq(beats.monitorId, id), lt(beats.scheduledAt, now - BEAT_RETENTION.rawMs)));
        for (const [widthMs, age] of [
          [minute, BEAT_RETENTION.minuteMs],
          [hour, BEAT_RETENTION.hourMs],
        ] as const) {
          await q
            .delete(rollups)
            .where(and(eq(rollups.monitorId, id), eq(rollups.widthMs, widthMs), lt(rollups.from, now - age)));
        }
      }
    },

    /** Deletes everything about a monitor that is no longer configured. */
    async forget(q: Tx, monitorId: string): Promise<void> {
      await q.delete(beats).where(eq(beats.monitorId, monitorId));
      await q.delete(rollups).where(eq(rollups.monitorId, monitorId));
      await q.delete(monitorChanges).where(eq(monitorChanges.monitorId, monitorId));
      await q.delete(monitorStates).where(eq(monitorStates.monitorId, monitorId));
    },
  };

  async function addSums(q: Tx, sums: BeatRollup[]): Promise<void> {
    // min() of two values is a scalar function in SQLite only, least() in PostgreSQL only.
    const extreme = (column: typeof rollups.latencyMin | typeof rollups.latencyMax, wins: '<' | '>') => {
      const given = excluded(column);
      return sql`case when ${column} is null or ${given} ${sql.raw(wins)} ${column} then coalesce(${given}, ${column}) else ${column} end`;
    };
    const plus = (column: typeof rollups.resolveSum) => {
      const given = excluded(column);
      return sql`case when ${given} is null then ${column} else coalesce(${column}, 0) + ${given} end`;
    };
    await q
      .insert(rollups)
      .values(sums)
      .onConflictDoUpdate({
        target: [rollups.monitorId, rollups.widthMs, rollups.from],
        set: {
          up: sql`${rollups.up} + ${excluded(rollups.up)}`,
          down: sql`${rollups.down} + ${excluded(rollups.down)}`,
          unknown: sql`${rollups.unknown} + ${excluded(rollups.unknown)}`,
          latencyCount: sql`${rollups.latencyCount} + ${excluded(rollups.latencyCount)}`,
          latencySum: sql`${rollups.latencySum} + ${excluded(rollups.latencySum)}`,
          latencyMin: extreme(rollups.latencyMin, '<'),
          latencyMax: extreme(rollups.latencyMax, '>'),
          resolveSum: plus(rollups.resolveSum),
          connectSum: plus(rollups.connectSum),
          tlsSum: plus(rollups.tlsSum),
          firstByteSum: plus(rollups.firstByteSum),
          transferSum: plus(rollups.transferSum),
        },
      });
  }
}

type BeatRow = Store['t']['beats']['$inferSelect'];

function toRow({ timings, ...beat }: Beat): BeatRow {
  return {
    ...beat,
    resolveMs: timings?.resolve ?? null,
    connectMs: timings?.connect ?? null,
    tlsMs: timings?.tls ?? null,
    firstByteMs: timings?.firstByte ?? null,
    transferMs: timings?.transfer ?? null,
  };
}

function toBeat({ resolveMs, connectMs, tlsMs, firstByteMs, transferMs, ...beat }: BeatRow): Beat {
  const timings = { resolve: resolveMs, connect: connectMs, tls: tlsMs, firstByte: firstByteMs, transfer: transferMs };
  return { ...beat, timings: Object.values(timings).every((part) => part === null) ? null : timings };
}
