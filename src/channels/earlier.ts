import type { ToSend } from './channel.ts';

/** What people have to notice anew, and would not by a changed message: an escalation, a reminder. */
export function isLouder({ notification }: ToSend): boolean {
  return notification.reason === 'escalated' || notification.reason === 'repeat';
}

/** The one earlier message that all incidents of this one stand in, as the channel's service calls it. */
export function earlierOf({ notification, receipts }: ToSend): string | undefined {
  const known = new Set(notification.incidents.map((incident) => receipts?.get(incident.id)));
  const [receipt] = known;
  return known.size === 1 ? receipt : undefined;
}

/** True where the message becomes the one that later ones change: what only answers another does not take its place. */
export function isOwn(message: ToSend): boolean {
  return earlierOf(message) === undefined || !isLouder(message);
}
