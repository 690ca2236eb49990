import type { Incident, IncidentState, TimelineEntry } from '../../core/incident.ts';
import type { Notification, OutboxMessage } from '../../core/notification.ts';
import type { Severity } from '../../core/severity.ts';
import { int, json, str, table } from '../columns.ts';

/** `openKey` is the key while the incident is not resolved, then null: unique, so at most one per key is open. */
export const incidents = table(
  'incidents',
  {
    id: str.required(),
    key: str.required(),
    openKey: str.nullable(),
    state: str.required<IncidentState>(),
    severity: str.required<Severity>(),
    title: str.required(),
    service: str.nullable(),
    target: str.nullable(),
    labels: json.required<Record<string, string>>(),
    source: str.required<Incident['source']>(),
    causes: json.required<string[]>(),
    openedAt: int.required(),
    updatedAt: int.required(),
    acknowledgedAt: int.nullable(),
    resolvedAt: int.nullable(),
  },
  {
    primary: ['id'],
    unique: [['openKey']],
    indexes: [
      ['key', 'openedAt'],
      ['openedAt', 'id'],
      ['state', 'openedAt', 'id'],
    ],
  },
);

/** `seq` counts per incident, so that entries of one millisecond keep their order. */
export const incidentEvents = table(
  'incident_events',
  {
    incidentId: str.required(),
    seq: int.required(),
    at: int.required(),
    type: str.required<TimelineEntry['type']>(),
    text: str.required(),
    actor: str.nullable(),
  },
  { primary: ['incidentId', 'seq'], indexes: [['at']], owners: { incidentId: 'incidents' } },
);

/** Messages owed to channels; written in the transaction of the change that they tell of. `seq` counts per channel and thread. */
export const outbox = table(
  'outbox',
  {
    id: str.required(),
    channel: str.required(),
    thread: str.required(),
    seq: int.required(),
    /** That of the notification, to be asked for without reading it. */
    type: str.required<Notification['type']>(),
    notification: json.required<Notification>(),
    state: str.required<OutboxMessage['state']>(),
    attempts: int.required(),
    createdAt: int.required(),
    dueAt: int.required(),
    leaseOwner: str.nullable(),
    leaseUntil: int.nullable(),
    settledAt: int.nullable(),
    lastError: str.nullable(),
  },
  {
    primary: ['id'],
    unique: [['channel', 'thread', 'seq']],
    indexes: [
      ['state', 'dueAt'],
      ['createdAt', 'id'],
    ],
  },
);

export const outboxIncidents = table(
  'outbox_incidents',
  { outboxId: str.required(), incidentId: str.required() },
  {
    primary: ['outboxId', 'incidentId'],
    indexes: [['incidentId']],
    owners: { outboxId: 'outbox', incidentId: 'incidents' },
  },
);

/** What a channel's service calls the message about an incident, so that later words change or answer that one. */
export const receipts = table(
  'receipts',
  { channel: str.required(), incidentId: str.required(), receipt: str.required(), at: int.required() },
  { primary: ['channel', 'incidentId'], indexes: [['incidentId']], owners: { incidentId: 'incidents' } },
);

/** What a label must be like: equal to one of `values`. */
export interface LabelMatcher {
  label: string;
  values: string[];
}

/** Matching incidents are not sent until it ends. Ended early by setting `endsAt`. */
export const silences = table(
  'silences',
  {
    id: str.required(),
    matchers: json.required<LabelMatcher[]>(),
    startsAt: int.required(),
    endsAt: int.required(),
    comment: str.required(),
    createdBy: str.required(),
    createdAt: int.required(),
  },
  { primary: ['id'], indexes: [['endsAt']] },
);

/** Announced work, made at run time; windows that repeat stand in the configuration. */
export const maintenance = table(
  'maintenance',
  {
    id: str.required(),
    matchers: json.required<LabelMatcher[]>(),
    startsAt: int.required(),
    endsAt: int.required(),
    title: str.required(),
    createdBy: str.required(),
    createdAt: int.required(),
  },
  { primary: ['id'], indexes: [['endsAt']] },
);

/** Somebody takes somebody's place on a schedule. */
export const onCallOverrides = table(
  'on_call_overrides',
  {
    id: str.required(),
    schedule: str.required(),
    person: str.required(),
    startsAt: int.required(),
    endsAt: int.required(),
    createdBy: str.required(),
    createdAt: int.required(),
  },
  { primary: ['id'], indexes: [['endsAt']] },
);
