import { and, asc, desc, eq, inArray, isNotNull, lt, sql } from 'drizzle-orm';
import type { Incident, IncidentState, TimelineEntry } from '../../core/incident.ts';
import { chunks, excluded, numeric, olderThan, type Page, type PageRequest, toPage } from '../sql.ts';
import type { Store, Tx } from '../store.ts';

type IncidentRow = Store['t']['incidents']['$inferSelect'];

export function incidentRepository({ t, read }: Store) {
  const { incidents, incidentEvents } = t;

  return {
    /** The incident on a key that is not resolved. Hand in `q` to ask inside a transaction. */
    async open(key: string, q: Pick<Tx, 'select'> = read): Promise<Incident | null> {
      const [row] = await q.select().from(incidents).where(eq(incidents.openKey, key));
      return row ? toIncident(row) : null;
    },

    async get(id: string, q: Pick<Tx, 'select'> = read): Promise<Incident | null> {
      const [row] = await q.select().from(incidents).where(eq(incidents.id, id));
      return row ? toIncident(row) : null;
    },

    /** All that are not resolved, newest first. */
    async unresolved(q: Pick<Tx, 'select'> = read): Promise<Incident[]> {
      const rows = await q
        .select()
        .from(incidents)
        .where(isNotNull(incidents.openKey))
        .orderBy(desc(incidents.openedAt), desc(incidents.id));
      return rows.map(toIncident);
    },

    /**
     * Adds the incident or replaces it by its id. Where another process has just opened one on the same key the database
     * refuses the second (unique key) and the whole transaction is undone.
     */
    async save(q: Tx, ...all: readonly Incident[]): Promise<void> {
      for (const part of chunks(all)) await upsert(q, part);
    },

    /** Adds lines to the timelines of many incidents, in the order given. */
    async addLines(q: Tx, lines: readonly { incidentId: string; entry: TimelineEntry }[]): Promise<void> {
      const last = new Map<string, number>();
      for (const part of chunks([...new Set(lines.map((line) => line.incidentId))])) {
        const rows = await q
          .select({ id: incidentEvents.incidentId, seq: numeric(sql`max(${incidentEvents.seq})`) })
          .from(incidentEvents)
          .where(inArray(incidentEvents.incidentId, part))
          .groupBy(incidentEvents.incidentId);
        for (const { id, seq } of rows) last.set(id, seq);
      }
      const rows = lines.map(({ incidentId, entry: { at, type, text } }) => {
        const seq = (last.get(incidentId) ?? 0) + 1;
        last.set(incidentId, seq);
        return { incidentId, seq, at, type, text, actor: null };
      });
      for (const part of chunks(rows)) await q.insert(incidentEvents).values(part);
    },

    /** Adds lines to a timeline, in the order given. */
    async addEvents(q: Tx, incidentId: string, entries: readonly TimelineEntry[], actor: string | null = null) {
      if (entries.length === 0) return;
      const [last] = await q
        .select({ seq: numeric(sql`coalesce(max(${incidentEvents.seq}), 0)`) })
        .from(incidentEvents)
        .where(eq(incidentEvents.incidentId, incidentId));
      const base = last?.seq ?? 0;
      await q.insert(incidentEvents).values(
        entries.map((entry, index) => ({
          incidentId,
          seq: base + index + 1,
          at: entry.at,
          type: entry.type,
          text: entry.text,
          actor,
        })),
      );
    },

    /** Oldest first. */
    async timeline(incidentId: string, q: Pick<Tx, 'select'> = read): Promise<TimelineEntry[]> {
      return q
        .select({ at: incidentEvents.at, type: incidentEvents.type, text: incidentEvents.text })
        .from(incidentEvents)
        .where(eq(incidentEvents.incidentId, incidentId))
        .orderBy(asc(incidentEvents.seq));
    },

    /** The timelines of several incidents, by incident id. */
    async timelines(
      incidentIds: readonly string[],
      q: Pick<Tx, 'select'> = read,
    ): Promise<Map<string, TimelineEntry[]>> {
      const lines = new Map<string, TimelineEntry[]>(incidentIds.map((id) => [id, []]));
      if (incidentIds.length === 0) return lines;
      const rows = await q
        .select()
        .from(incidentEvents)
        .where(inArray(incidentEvents.incidentId, [...incidentIds]))
        .orderBy(asc(incidentEvents.incidentId), asc(incidentEvents.seq));
      for (const { incidentId, at, type, text } of rows) lines.get(incidentId)?.push({ at, type, text });
      return lines;
    },

    async page(
      request: PageRequest & {
        states?: readonly IncidentState[] | undefined;
        target?: string;
        service?: string;
        key?: string;
      },
    ): Promise<Page<Incident>> {
      const rows = await read
        .select()
        .from(incidents)
        .where(
          and(
            request.states === undefined ? undefined : inArray(incidents.state, [...request.states]),
            request.target === undefined ? undefined : eq(incidents.target, request.target),
            request.key === undefined ? undefined : eq(incidents.key, request.key),
            request.service === undefined ? undefined : eq(incidents.service, request.service),
            olderThan(request.cursor, incidents.openedAt, incidents.id),
          ),
        )
        .orderBy(desc(incidents.openedAt), desc(incidents.id))
        .limit(request.limit + 1);
      return toPage(rows.map(toIncident), request.limit, (row) => ({ at: row.openedAt, id: row.id }));
    },

    /** Deletes incidents resolved before `before`, with their timelines and messages' links. */
    async prune(q: Tx, before: number): Promise<number> {
      const gone = await q
        .delete(incidents)
        .where(and(eq(incidents.state, 'resolved'), lt(incidents.resolvedAt, before)))
        .returning({ id: incidents.id });
      return gone.length;
    },
  };

  async function upsert(q: Tx, rows: readonly Incident[]): Promise<void> {
    await q
      .insert(incidents)
      .values(rows.map(toRow))
      .onConflictDoUpdate({
        target: incidents.id,
        set: {
          openKey: excluded(incidents.openKey),
          state: excluded(incidents.state),
          severity: excluded(incidents.severity),
          title: excluded(incidents.title),
          service: excluded(incidents.service),
          target: excluded(incidents.target),
          labels: excluded(incidents.labels),
          source: excluded(incidents.source),
          causes: excluded(incidents.causes),
          updatedAt: excluded(incidents.updatedAt),
          acknowledgedAt: excluded(incidents.acknowledgedAt),
          resolvedAt: excluded(incidents.resolvedAt),
        },
      });
  }
}

function toRow(incident: Incident): IncidentRow {
  return {
    ...incident,
    openKey: incident.state === 'resolved' ? null : incident.key,
    service: incident.labels.service ?? null,
    target: incident.labels.target ?? null,
  };
}

function toIncident({ openKey: _openKey, service: _service, target: _target, ...incident }: IncidentRow): Incident {
  return incident;
}
