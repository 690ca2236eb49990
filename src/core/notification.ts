import { z } from 'zod';
import { incidentSchema } from './incident.ts';

export const NOTIFICATION_TYPES = [
  'incident.opened',
  'incident.updated',
  'incident.acknowledged',
  'incident.resolved',
  'incident.escalated',
  'digest',
] as const;

/** What people are told, before a channel puts it into its own form; also the body of a webhook. Public. */
export const notificationSchema = z.object({
  type: z.enum(NOTIFICATION_TYPES),
  incidents: z.array(incidentSchema).min(1),
  /** Why now: the first word on this incident, something new in it, its end, a reminder, the next step of an escalation. */
  reason: z.enum(['first', 'new', 'resolved', 'repeat', 'escalated']),
});
export type Notification = z.infer<typeof notificationSchema>;

/**
 * A message that is owed to a channel. It is written in the transaction that changes the incident, so that a crash
 * loses neither. `id` is the idempotency key of every attempt. Instants are epoch ms.
 */
export interface OutboxMessage {
  id: string;
  /** Name of the channel in the configuration. */
  channel: string;
  /** Messages of one channel and thread leave in the order in which they were written: no resolve overtakes its alert. */
  thread: string;
  /** The incidents that it tells of: a resolve goes to every channel that was told of the incident. */
  incidentIds: string[];
  notification: Notification;
  state: 'pending' | 'sent' | 'gave-up';
  attempts: number;
  createdAt: number;
  /** Not before this instant. */
  dueAt: number;
  /** Somebody is sending it until then; afterwards anybody may try again. */
  leaseUntil: number | null;
  settledAt: number | null;
  lastError: string | null;
}
