import { z } from 'zod';
import { severitySchema } from './severity.ts';
import { signalSchema } from './signal.ts';

export const INCIDENT_STATES = ['open', 'acknowledged', 'resolved'] as const;
export const incidentStateSchema = z.enum(INCIDENT_STATES);
export type IncidentState = z.infer<typeof incidentStateSchema>;

/** What can stand in a timeline. `delivered`, `retried` and `gave-up` are about telling people; `held` says why nobody was told. */
export const TIMELINE_TYPES = [
  'opened',
  'updated',
  'acknowledged',
  'note',
  'resolved',
  'escalated',
  'held',
  'delivered',
  'retried',
  'gave-up',
] as const;
export const timelineTypeSchema = z.enum(TIMELINE_TYPES);

/** One thing that happened to an incident. `at` is epoch ms. */
export interface TimelineEntry {
  at: number;
  type: (typeof TIMELINE_TYPES)[number];
  text: string;
}

/** An incident as store and planner know it; instants are epoch ms. At most one per key is not resolved. */
export interface Incident {
  id: string;
  /** The key of the signals that opened it; its resolve goes out under the same one. */
  key: string;
  state: IncidentState;
  severity: z.infer<typeof severitySchema>;
  title: string;
  /** What routes match on, as the newest signal said it. */
  labels: Record<string, string>;
  source: z.infer<typeof signalSchema>['source'];
  /** What keeps it open, where the source names it: for audits `check#fingerprint` of every failure. */
  causes: string[];
  openedAt: number;
  updatedAt: number;
  acknowledgedAt: number | null;
  resolvedAt: number | null;
}

/** An incident as API, reports and webhooks carry it. Public. */
export const incidentSchema = z.object({
  id: z.string(),
  key: z.string(),
  state: incidentStateSchema,
  severity: severitySchema,
  title: z.string(),
  service: z.string().nullable(),
  target: z.string().nullable(),
  source: signalSchema.shape.source,
  labels: z.record(z.string(), z.string()),
  openedAt: z.iso.datetime(),
  acknowledgedAt: z.iso.datetime().nullable(),
  resolvedAt: z.iso.datetime().nullable(),
  timeline: z.array(z.object({ at: z.iso.datetime(), type: timelineTypeSchema, text: z.string() })),
});
export type PublicIncident = z.infer<typeof incidentSchema>;

const rfc3339 = (ms: number): string => new Date(ms).toISOString();

export function toPublicIncident(incident: Incident, timeline: readonly TimelineEntry[]): PublicIncident {
  return {
    id: incident.id,
    key: incident.key,
    state: incident.state,
    severity: incident.severity,
    title: incident.title,
    service: incident.labels.service ?? null,
    target: incident.labels.target ?? null,
    source: incident.source,
    labels: incident.labels,
    openedAt: rfc3339(incident.openedAt),
    acknowledgedAt: incident.acknowledgedAt === null ? null : rfc3339(incident.acknowledgedAt),
    resolvedAt: incident.resolvedAt === null ? null : rfc3339(incident.resolvedAt),
    timeline: timeline.map((entry) => ({ ...entry, at: rfc3339(entry.at) })),
  };
}
