import { and, asc, eq, getTableColumns, gte, inArray, lt, lte, max, ne, sql } from 'drizzle-orm';
import type { Finding, Status } from '../../core/finding.ts';
import { type Standing, transitions } from '../../core/transition.ts';
import { chunks, excluded, numeric } from '../sql.ts';
import type { Store, Tx } from '../store.ts';

type FindingRow = Store['t']['findings']['$inferSelect'];
export type FindingChange = Store['t']['findingChanges']['$inferSelect'];

/** A finding as the last audit left it, with its past. Instants are epoch ms. */
export interface CurrentFinding extends Finding {
  targetId: string;
  firstSeenAt: number;
  lastSeenAt: number;
  /** Since when it has its present status and severity. */
  changedAt: number;
}

/** What an audit changed, as findings; a finding that is gone is given as it was last seen. */
export interface FindingDiff {
  opened: Finding[];
  closed: Finding[];
  changed: Finding[];
  lostCoverage: Finding[];
}

export interface RecordedAudit {
  auditId: string;
  targetId: string;
  /** As `audits.save` answered it. */
  run: number;
  /** Epoch ms when the audit finished. */
  at: number;
  findings: readonly Finding[];
  /** `partial` where only some checks were asked; see `transitions`. */
  scope?: 'full' | 'partial';
}

/** Findings are stored as changes: an audit that finds what the last one found adds no row here. */
export function findingRepository({ t, read }: Store) {
  const { findings, findingChanges, targetHeads, audits } = t;

  /** Evidence that moves from run to run (days until expiry) replaces the old one in place and is no change. */
  const upsert = async (q: Tx, rows: FindingRow[]) => {
    for (const part of chunks(rows)) {
      await q
        .insert(findings)
        .values(part)
        .onConflictDoUpdate({
          target: [findings.targetId, findings.fingerprint],
          set: {
            checkId: excluded(findings.checkId),
            status: excluded(findings.status),
            severity: excluded(findings.severity),
            failing: excluded(findings.failing),
            payload: excluded(findings.payload),
            changedAt: excluded(findings.changedAt),
            lastSeenAt: excluded(findings.lastSeenAt),
          },
        });
    }
  };

  return {
    /** Compares with where things stood and keeps what changed. To be called in the transaction that saves the audit. */
    async record(q: Tx, audit: RecordedAudit): Promise<FindingDiff> {
      const { targetId, at, run, auditId } = audit;
      const rows = await q.select().from(findings).where(eq(findings.targetId, targetId));
      const before = new Map(rows.map((row) => [row.fingerprint, row]));
      const set = transitions(rows.map(toStanding), audit.findings, audit.scope);
      const stepped = new Map(set.all.map((step) => [step.fingerprint, step]));
      const writes = new Map<string, FindingRow>();
      for (const finding of audit.findings) {
        const old = before.get(finding.fingerprint);
        const step = stepped.get(finding.fingerprint);
        const lastSeenAt = audit.scope === 'partial' ? at : null;
        const moved = JSON.stringify(old?.payload) !== JSON.stringify(finding);
        if (old && !step && !moved && old.lastSeenAt === lastSeenAt) continue;
        writes.set(finding.fingerprint, {
          targetId,
          fingerprint: finding.fingerprint,
          checkId: finding.check,
          status: finding.status,
          severity: finding.severity,
          failing: step?.to.failing ?? old?.failing ?? false,
          payload: finding,
          firstSeenAt: old?.firstSeenAt ?? at,
          changedAt: step || !old ? at : old.changedAt,
          lastSeenAt,
        });
      }
      const vanished = set.all.filter((step) => step.finding === null);
      const seenUntil = vanished.length === 0 ? null : await previousRun(q, targetId, run);
      for (const step of vanished) {
        const old = before.get(step.fingerprint);
        if (!old) continue;
        writes.set(step.fingerprint, {
          ...old,
          status: 'gone',
          failing: step.to.failing,
          changedAt: old.status === 'gone' ? old.changedAt : at,
          lastSeenAt: old.lastSeenAt ?? seenUntil ?? old.firstSeenAt,
        });
      }
      await upsert(q, [...writes.values()]);
      const log = set.all.map((step) => ({
        targetId,
        fingerprint: step.fingerprint,
        run,
        auditId,
        at,
        fromStatus: step.from?.status ?? null,
        toStatus: step.to.status,
        fromSeverity: step.from?.severity ?? null,
        toSeverity: step.to.severity,
        failing: step.to.failing,
        payload: step.finding,
      }));
      for (const part of chunks(log)) await q.insert(findingChanges).values(part);
      const shown = (steps: typeof set.all): Finding[] =>
        steps.flatMap((step) => step.finding ?? before.get(step.fingerprint)?.payload ?? []);
      return {
        opened: shown(set.opened),
        closed: shown(set.closed),
        changed: shown(set.changed),
        lostCoverage: shown(set.lostCoverage),
      };
    },

    /** What the last audits left, without what is gone. Of one target, or of all that `targetIds` names. */
    async current(...targetIds: string[]): Promise<CurrentFinding[]> {
      const rows = await read
        .select({ ...getTableColumns(findings), headAt: targetHeads.lastDoneAt })
        .from(findings)
        .leftJoin(targetHeads, eq(targetHeads.targetId, findings.targetId))
        .where(and(inArray(findings.targetId, targetIds), ne(findings.status, 'gone')))
        .orderBy(asc(findings.checkId), asc(findings.fingerprint));
      return rows.map(toCurrent);
    },

    /** Everything that fails, on all targets: also what fails but could not be looked at again. */
    async failing(): Promise<CurrentFinding[]> {
      const rows = await read
        .select({ ...getTableColumns(findings), headAt: targetHeads.lastDoneAt })
        .from(findings)
        .leftJoin(targetHeads, eq(targetHeads.targetId, findings.targetId))
        .where(eq(findings.failing, true))
        .orderBy(asc(findings.targetId), asc(findings.checkId), asc(findings.fingerprint));
      return rows.map(toCurrent);
    },

    /** How many findings have each status and severity, by target: for metrics and overviews. */
    async counts(): Promise<{ targetId: string; status: Status; severity: Finding['severity']; count: number }[]> {
      const rows = await read
        .select({
          targetId: findings.targetId,
          status: findings.status,
          severity: findings.severity,
          count: numeric(sql`count(*)`),
        })
        .from(findings)
        .where(ne(findings.status, 'gone'))
        .groupBy(findings.targetId, findings.status, findings.severity);
      return rows.flatMap((row) => (row.status === 'gone' ? [] : [{ ...row, status: row.status }]));
    },

    /** Changes of one finding, oldest first. */
    async history(targetId: string, fingerprint: string): Promise<FindingChange[]> {
      return read
        .select()
        .from(findingChanges)
        .where(and(eq(findingChanges.targetId, targetId), eq(findingChanges.fingerprint, fingerprint)))
        .orderBy(asc(findingChanges.run));
    },

    /** Changes from `since` (epoch ms) on, oldest first, of one target or of all; at most `limit`. */
    async changesSince(since: number, options: { targetId?: string; limit: number }): Promise<FindingChange[]> {
      return read
        .select()
        .from(findingChanges)
        .where(
          and(
            gte(findingChanges.at, since),
            options.targetId === undefined ? undefined : eq(findingChanges.targetId, options.targetId),
          ),
        )
        .orderBy(asc(findingChanges.at), asc(findingChanges.fingerprint))
        .limit(options.limit);
    },

    /**
     * The findings as they stood after that audit; empty where it is not known. Status and severity are exact; wording
     * and evidence are those of the last change (replay the audit's facts where they matter).
     */
    async asOf(auditId: string): Promise<Finding[]> {
      const [audit] = await read
        .select({ targetId: audits.targetId, run: audits.run })
        .from(audits)
        .where(eq(audits.id, auditId));
      if (!audit) return [];
      const newest = read
        .select({ fingerprint: findingChanges.fingerprint, run: max(findingChanges.run).as('newest_run') })
        .from(findingChanges)
        .where(and(eq(findingChanges.targetId, audit.targetId), lte(findingChanges.run, audit.run)))
        .groupBy(findingChanges.fingerprint)
        .as('newest');
      const rows = await read
        .select({ payload: findingChanges.payload })
        .from(findingChanges)
        .innerJoin(newest, and(eq(newest.fingerprint, findingChanges.fingerprint), eq(newest.run, findingChanges.run)))
        .where(and(eq(findingChanges.targetId, audit.targetId), ne(findingChanges.toStatus, 'gone')));
      return rows
        .flatMap((row) => row.payload ?? [])
        .sort((a, b) => (a.check === b.check ? compare(a.fingerprint, b.fingerprint) : compare(a.check, b.check)));
    },

    /** Forgets findings that are gone and fixed since before `before`, with their changes. Answers how many. */
    async prune(q: Tx, before: number): Promise<number> {
      const old = await q
        .delete(findings)
        .where(and(eq(findings.status, 'gone'), eq(findings.failing, false), lt(findings.changedAt, before)))
        .returning({ targetId: findings.targetId, fingerprint: findings.fingerprint });
      for (const { targetId, fingerprint } of old) {
        await q
          .delete(findingChanges)
          .where(and(eq(findingChanges.targetId, targetId), eq(findingChanges.fingerprint, fingerprint)));
      }
      return old.length;
    },
  };

  /** When the target's audit before this one finished. */
  async function previousRun(q: Tx, targetId: string, run: number): Promise<number | null> {
    const [row] = await q
      .select({ at: numeric(sql`max(${audits.finishedAt})`) })
      .from(audits)
      .where(and(eq(audits.targetId, targetId), eq(audits.status, 'done'), lt(audits.run, run)));
    return row?.at || null;
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function toStanding(row: FindingRow): Standing {
  const { fingerprint, checkId, status, severity, failing } = row;
  return { fingerprint, check: checkId, status, severity, failing };
}

function toCurrent(row: FindingRow & { headAt: number | null }): CurrentFinding {
  return {
    ...row.payload,
    targetId: row.targetId,
    firstSeenAt: row.firstSeenAt,
    lastSeenAt: Math.max(row.lastSeenAt ?? 0, row.status === 'gone' ? 0 : (row.headAt ?? 0)) || row.firstSeenAt,
    changedAt: row.changedAt,
  };
}
