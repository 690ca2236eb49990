import {
  and,
  asc,
  desc,
  eq,
  exists,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  max,
  min,
  not,
  notInArray,
  or,
  sql,
} from 'drizzle-orm';
import type { OutboxMessage } from '../../core/notification.ts';
import { chunks, numeric, olderThan, type Page, type PageRequest, toPage } from '../sql.ts';
import type { Reader, Store, Tx } from '../store.ts';

type OutboxRow = Store['t']['outbox']['$inferSelect'];
/** What a caller says of a message; the rest is its life in the outbox. */
export type NewMessage = Pick<
  OutboxMessage,
  'id' | 'channel' | 'thread' | 'incidentIds' | 'notification' | 'createdAt' | 'dueAt'
>;

export function outboxRepository({ t, read }: Store) {
  const { outbox, outboxIncidents, incidents } = t;
  const pending = eq(outbox.state, 'pending');

  /** The oldest pending message of each channel and thread. */
  const headsOf = (q: Reader) =>
    q
      .select({ channel: outbox.channel, thread: outbox.thread, seq: min(outbox.seq).as('head_seq') })
      .from(outbox)
      .where(pending)
      .groupBy(outbox.channel, outbox.thread)
      .as('heads');
  const isHead = (heads: ReturnType<typeof headsOf>) =>
    and(eq(heads.channel, outbox.channel), eq(heads.thread, outbox.thread), eq(heads.seq, outbox.seq));

  const withIncidents = async (q: Reader, rows: readonly OutboxRow[]): Promise<OutboxMessage[]> => {
    if (rows.length === 0) return [];
    const ids = rows.map((row) => row.id);
    const links = await q.select().from(outboxIncidents).where(inArray(outboxIncidents.outboxId, ids));
    return rows.map(({ seq: _seq, type: _type, leaseOwner: _owner, ...row }) => ({
      ...row,
      incidentIds: links.filter((link) => link.outboxId === row.id).map((link) => link.incidentId),
    }));
  };

  return {
    /** Owes a message to a channel. To be called in the transaction of the change that it tells of. */
    async enqueue(q: Tx, message: NewMessage): Promise<void> {
      const { incidentIds, ...row } = message;
      const [last] = await q
        .select({ seq: numeric(sql`coalesce(max(${outbox.seq}), 0)`) })
        .from(outbox)
        .where(and(eq(outbox.channel, row.channel), eq(outbox.thread, row.thread)));
      await q.insert(outbox).values({
        ...row,
        type: row.notification.type,
        seq: (last?.seq ?? 0) + 1,
        state: 'pending',
        attempts: 0,
        leaseOwner: null,
        leaseUntil: null,
        settledAt: null,
        lastError: null,
      });
      const links = [...new Set(incidentIds)].map((incidentId) => ({ outboxId: row.id, incidentId }));
      if (links.length > 0) await q.insert(outboxIncidents).values(links);
    },

    /**
     * Takes up to `limit` messages that are due, for `leaseMs`; a message whose sender died is taken again afterwards.
     * Channels in `except` are left alone. Of one channel and thread only the oldest pending one is handed out, so that no resolve overtakes its alert.
     */
    async lease(
      q: Tx,
      request: { now: number; limit: number; owner: string; leaseMs: number; except?: readonly string[] },
    ): Promise<OutboxMessage[]> {
      const { now, owner } = request;
      const free = and(pending, lte(outbox.dueAt, now), or(isNull(outbox.leaseUntil), lte(outbox.leaseUntil, now)));
      const heads = headsOf(q);
      const due = await q
        .select({ id: outbox.id })
        .from(outbox)
        .innerJoin(heads, isHead(heads))
        .where(and(free, request.except?.length ? notInArray(outbox.channel, [...request.except]) : undefined))
        .orderBy(asc(outbox.dueAt), asc(outbox.id))
        .limit(request.limit);
      if (due.length === 0) return [];
      const ids = due.map((row) => row.id);
      // Asked again in the update: on PostgreSQL another process may have taken some of them meanwhile.
      const taken = await q
        .update(outbox)
        .set({ leaseOwner: owner, leaseUntil: now + request.leaseMs, attempts: sql`${outbox.attempts} + 1` })
        .where(and(inArray(outbox.id, ids), free))
        .returning();
      const place = new Map(ids.map((id, index) => [id, index]));
      taken.sort((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0));
      return withIncidents(q, taken);
    },

    /** Delivered. False where the lease had run out and somebody else has it now. */
    async markSent(q: Tx, id: string, owner: string, now: number): Promise<boolean> {
      return settle(q, id, owner, { state: 'sent', settledAt: now, lastError: null });
    },

    /** Not delivered; tried again from `dueAt` on. */
    async retryAt(q: Tx, id: string, owner: string, dueAt: number, error: string): Promise<boolean> {
      return settle(q, id, owner, { dueAt, lastError: error });
    },

    /** Never to be delivered; the next message of its thread may go. */
    async giveUp(q: Tx, id: string, owner: string, now: number, error: string): Promise<boolean> {
      return settle(q, id, owner, { state: 'gave-up', settledAt: now, lastError: error });
    },

    /** How many wait, and since when the oldest does (epoch ms). */
    async depth(): Promise<{ pending: number; oldest: number | null }> {
      const [row] = await read
        .select({ pending: numeric(sql`count(*)`), oldest: numeric(sql`min(${outbox.createdAt})`) })
        .from(outbox)
        .where(pending);
      return { pending: row?.pending ?? 0, oldest: row?.pending ? row.oldest : null };
    },

    /**
     * When the next message is due (epoch ms), so that the sender can sleep until then. What waits behind another of its thread
     * does not count: while a receiver is down that would be due all the time and keep the sender awake.
     */
    async nextDueAt(): Promise<number | null> {
      const heads = headsOf(read);
      const [row] = await read
        .select({ at: min(outbox.dueAt), n: numeric(sql`count(*)`) })
        .from(outbox)
        .innerJoin(heads, isHead(heads))
        .where(pending);
      return row?.n ? Number(row.at) : null;
    },

    /** Channels and threads on which something was said or is owed about an incident: its resolve goes there too. */
    async toldOf(incidentId: string, q: Reader = read): Promise<{ channel: string; thread: string }[]> {
      return q
        .selectDistinct({ channel: outbox.channel, thread: outbox.thread })
        .from(outbox)
        .innerJoin(outboxIncidents, eq(outboxIncidents.outboxId, outbox.id))
        .where(eq(outboxIncidents.incidentId, incidentId))
        .orderBy(asc(outbox.channel), asc(outbox.thread));
    },

    /** When each thread last told of an incident since `since`, whether that has ended meanwhile or not. */
    async spokenSince(since: number, q: Reader = read): Promise<Map<string, number>> {
      const rows = await q
        .select({ thread: outbox.thread, at: max(outbox.createdAt) })
        .from(outbox)
        .where(
          and(gte(outbox.createdAt, since), inArray(outbox.type, ['incident.opened', 'incident.escalated', 'digest'])),
        )
        .groupBy(outbox.thread);
      return new Map(rows.map(({ thread, at }) => [thread, Number(at)]));
    },

    /** Every message written since `since`, ends and acknowledgements left out. */
    async writtenSince(since: number, q: Reader = read) {
      return q
        .select({ channel: outbox.channel, type: outbox.type, at: outbox.createdAt })
        .from(outbox)
        .where(
          and(gte(outbox.createdAt, since), notInArray(outbox.type, ['incident.resolved', 'incident.acknowledged'])),
        );
    },

    /** What was said or is owed about each of these incidents, one row per message and incident, oldest first. */
    async toldAbout(incidentIds: readonly string[], q: Reader = read) {
      const rows = [];
      for (const part of chunks(incidentIds)) {
        rows.push(
          ...(await q
            .select({
              incidentId: outboxIncidents.incidentId,
              channel: outbox.channel,
              thread: outbox.thread,
              type: outbox.type,
              at: outbox.createdAt,
            })
            .from(outboxIncidents)
            .innerJoin(outbox, eq(outbox.id, outboxIncidents.outboxId))
            .where(inArray(outboxIncidents.incidentId, part))
            .orderBy(asc(outbox.createdAt), asc(outbox.seq))),
        );
      }
      return rows;
    },

    /** Messages about an incident, oldest first. */
    async ofIncident(incidentId: string, q: Reader = read): Promise<OutboxMessage[]> {
      const links = await q
        .select({ id: outboxIncidents.outboxId })
        .from(outboxIncidents)
        .where(eq(outboxIncidents.incidentId, incidentId));
      if (links.length === 0) return [];
      const rows = await q
        .select()
        .from(outbox)
        .where(
          inArray(
            outbox.id,
            links.map((link) => link.id),
          ),
        )
        .orderBy(asc(outbox.createdAt), asc(outbox.seq), asc(outbox.id));
      return withIncidents(q, rows);
    },

    /** The delivery log, newest first. */
    async page(request: PageRequest & { state?: OutboxMessage['state'] }): Promise<Page<OutboxMessage>> {
      const rows = await read
        .select()
        .from(outbox)
        .where(
          and(
            request.state === undefined ? undefined : eq(outbox.state, request.state),
            olderThan(request.cursor, outbox.createdAt, outbox.id),
          ),
        )
        .orderBy(desc(outbox.createdAt), desc(outbox.id))
        .limit(request.limit + 1);
      return toPage(await withIncidents(read, rows), request.limit, (row) => ({ at: row.createdAt, id: row.id }));
    },

    /**
     * Deletes settled messages from before `before`, but for those about incidents that are not resolved: they say where
     * the resolve has to go. Answers how many.
     */
    async prune(q: Tx, before: number): Promise<number> {
      const gone = await q
        .delete(outbox)
        .where(
          and(
            inArray(outbox.state, ['sent', 'gave-up']),
            lt(outbox.settledAt, before),
            not(
              exists(
                q
                  .select({ id: outboxIncidents.outboxId })
                  .from(outboxIncidents)
                  .innerJoin(incidents, eq(incidents.id, outboxIncidents.incidentId))
                  .where(and(eq(outboxIncidents.outboxId, outbox.id), isNotNull(incidents.openKey))),
              ),
            ),
          ),
        )
        .returning({ id: outbox.id });
      return gone.length;
    },
  };

  async function settle(q: Tx, id: string, owner: string, change: Partial<OutboxRow>): Promise<boolean> {
    const done = await q
      .update(outbox)
      .set({ ...change, leaseOwner: null, leaseUntil: null })
      .where(and(eq(outbox.id, id), pending, eq(outbox.leaseOwner, owner)))
      .returning({ id: outbox.id });
    return done.length === 1;
  }
}
