import { and, desc, eq, getTableColumns, gte, inArray, isNotNull, lt, lte, sql } from 'drizzle-orm';
import { chunks, olderThan, type Page, type PageRequest, toPage } from '../sql.ts';
import type { Store, Tx } from '../store.ts';

export type AuditRow = Store['t']['audits']['$inferSelect'];
/** An audit without the list of its facts. */
export type AuditSummary = Omit<AuditRow, 'facts'>;
/** What a finished audit hands in; `run` is given by the store. */
export type NewAudit = Omit<AuditRow, 'run'>;

/** One point of a score over time. */
export interface ScorePoint {
  auditId: string;
  at: number;
  score: number | null;
  grade: AuditRow['grade'];
  coverage: number;
  algorithm: number;
}

export function auditRepository({ t, read }: Store) {
  const { audits, targetHeads } = t;
  const { facts: _facts, ...summary } = getTableColumns(audits);

  return {
    /** Adds a finished audit and answers its number among those of its target. Two audits of one target take turns here. */
    async save(q: Tx, audit: NewAudit): Promise<number> {
      const head = {
        lastAuditId: audit.id,
        lastAuditAt: audit.finishedAt,
        ...(audit.status === 'done' ? { lastDoneId: audit.id, lastDoneAt: audit.finishedAt } : {}),
      };
      const [row] = await q
        .insert(targetHeads)
        .values({ targetId: audit.targetId, run: 1, lastDoneId: null, lastDoneAt: null, ...head })
        .onConflictDoUpdate({ target: targetHeads.targetId, set: { run: sql`${targetHeads.run} + 1`, ...head } })
        .returning({ run: targetHeads.run });
      const run = row?.run ?? 1;
      await q.insert(audits).values({ ...audit, run });
      return run;
    },

    async get(id: string): Promise<AuditRow | null> {
      const [row] = await read.select().from(audits).where(eq(audits.id, id));
      return row ?? null;
    },

    /** The newest finished audit of a target; failed ones do not count. */
    async latest(targetId: string): Promise<AuditRow | null> {
      const [row] = await read
        .select(getTableColumns(audits))
        .from(targetHeads)
        .innerJoin(audits, eq(audits.id, targetHeads.lastDoneId))
        .where(eq(targetHeads.targetId, targetId));
      return row ?? null;
    },

    /** The newest finished audit of every target, by target id. */
    async latestByTarget(): Promise<Map<string, AuditSummary>> {
      const rows = await read
        .select(summary)
        .from(targetHeads)
        .innerJoin(audits, eq(audits.id, targetHeads.lastDoneId));
      return new Map(rows.map((row) => [row.targetId, row]));
    },

    /** When each target was last audited, failed audits included: what a scheduler needs after a restart. */
    async lastAuditAt(): Promise<Map<string, number>> {
      const rows = await read
        .select({ id: targetHeads.targetId, at: targetHeads.lastAuditAt })
        .from(targetHeads)
        .where(isNotNull(targetHeads.lastAuditAt));
      return new Map(rows.map((row) => [row.id, row.at ?? 0]));
    },

    async page(request: PageRequest & { targetId?: string | undefined }): Promise<Page<AuditSummary>> {
      const rows = await read
        .select(summary)
        .from(audits)
        .where(
          and(
            request.targetId === undefined ? undefined : eq(audits.targetId, request.targetId),
            olderThan(request.cursor, audits.finishedAt, audits.id),
          ),
        )
        .orderBy(desc(audits.finishedAt), desc(audits.id))
        .limit(request.limit + 1);
      return toPage(rows, request.limit, (row) => ({ at: row.finishedAt, id: row.id }));
    },

    /** Score over time, oldest first; the newest `limit` points of the range. */
    async history(targetId: string, range: { from?: number; to?: number; limit: number }): Promise<ScorePoint[]> {
      const rows = await read
        .select({
          auditId: audits.id,
          at: audits.finishedAt,
          score: audits.score,
          grade: audits.grade,
          coverage: audits.coverage,
          algorithm: audits.algorithm,
        })
        .from(audits)
        .where(
          and(
            eq(audits.targetId, targetId),
            eq(audits.status, 'done'),
            range.from === undefined ? undefined : gte(audits.finishedAt, range.from),
            range.to === undefined ? undefined : lte(audits.finishedAt, range.to),
          ),
        )
        .orderBy(desc(audits.finishedAt), desc(audits.id))
        .limit(range.limit);
      return rows.reverse();
    },

    /** Deletes audits that finished before `before`, but never a target's newest ones. Answers how many. */
    async prune(q: Tx, before: number): Promise<number> {
      const heads = await q.select().from(targetHeads);
      const kept = new Set(heads.flatMap((head) => [head.lastAuditId, head.lastDoneId]));
      const old = await q.select({ id: audits.id }).from(audits).where(lt(audits.finishedAt, before));
      const doomed = old.map((row) => row.id).filter((id) => !kept.has(id));
      for (const part of chunks(doomed)) await q.delete(audits).where(inArray(audits.id, part));
      return doomed.length;
    },
  };
}
