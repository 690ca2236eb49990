import type { PublicIncident } from '../core/incident.ts';
import type { Notification } from '../core/notification.ts';
import type { ToSend } from './channel.ts';

/** Most incidents that one message names; the rest is a count. */
const NAMED_MAX = 10;

/** What is told of, in one word: the symbol carries it where there is no colour. */
export type Mood = 'firing' | 'acknowledged' | 'resolved';

/** Resolved when all of it is; acknowledged when nothing is open any more. */
export function moodOf(incidents: readonly PublicIncident[]): Mood {
  if (incidents.every((one) => one.state === 'resolved')) return 'resolved';
  return incidents.some((one) => one.state === 'open') ? 'firing' : 'acknowledged';
}

/** The worst severity in it, as the incidents say it. */
export function worstOf(incidents: readonly PublicIncident[]): PublicIncident['severity'] {
  const order = ['critical', 'high', 'medium', 'low', 'info'] as const;
  return order.find((severity) => incidents.some((one) => one.severity === severity)) ?? 'info';
}

const VERBS: Record<Notification['type'], string> = {
  'incident.opened': 'firing',
  'incident.updated': 'still firing',
  'incident.acknowledged': 'acknowledged',
  'incident.resolved': 'resolved',
  'incident.escalated': 'escalated',
  digest: 'digest',
};

/** One line that says what happened to what: `[high] firing: Shop is down (shop)`. Not longer than `max` characters. */
export function headline({ notification }: ToSend, max = 200): string {
  const { incidents, type } = notification;
  const [first] = incidents;
  const what =
    incidents.length === 1 && first ? titleOf(first) : `${incidents.length} incidents, first: ${first?.title}`;
  return clip(`[${worstOf(incidents)}] ${VERBS[type]}: ${what}`, max);
}

function titleOf(incident: PublicIncident): string {
  const { title, service } = incident;
  return service === null || title.toLowerCase().includes(service.toLowerCase()) ? title : `${title} (${service})`;
}

/** One paragraph per incident, in plain text: title, where, since when, the last word of its timeline, runbook and link. */
export function paragraphs(message: ToSend): string[] {
  const { incidents } = message.notification;
  const shown = incidents.slice(0, NAMED_MAX).map((incident) => paragraphOf(incident, message));
  const more = incidents.length - shown.length;
  return more > 0 ? [...shown, `and ${more} more`] : shown;
}

function paragraphOf(incident: PublicIncident, message: ToSend): string {
  const { severity, state, title, openedAt, resolvedAt, labels } = incident;
  const places = [incident.service && `service ${incident.service}`, incident.target && `target ${incident.target}`];
  const where = places.filter(Boolean).join(', ');
  const evidence = evidenceOf(incident);
  return [
    `${title} [${severity}, ${state}]`,
    ...(where === '' ? [] : [where]),
    resolvedAt === null ? `since ${openedAt}` : `from ${openedAt} to ${resolvedAt}`,
    ...(evidence === undefined ? [] : [clip(evidence, 500)]),
    ...(labels.runbook ? [`runbook: ${labels.runbook}`] : []),
    ...(linkTo(incident, message) === undefined ? [] : [`${linkTo(incident, message)}`]),
  ].join('\n');
}

/** The newest thing that was seen, not what was sent to whom. */
export function evidenceOf({ timeline, title }: PublicIncident): string | undefined {
  const text = timeline.findLast((entry) => ['opened', 'updated', 'resolved', 'note'].includes(entry.type))?.text;
  return text === '' || text === title ? undefined : text;
}

/** The incident's page on the dashboard, where its address is known. */
export function linkTo(incident: Pick<PublicIncident, 'id'>, { dashboard }: ToSend): string | undefined {
  return dashboard === undefined ? undefined : `${dashboard}/incidents/${encodeURIComponent(incident.id)}`;
}

/** At most `max` UTF-16 units, cut between whole characters, with a mark where something is missing. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = max - 1;
  const pair = /[\ud800-\udbff]/.test(text[end - 1] ?? '');
  return `${text.slice(0, pair ? end - 1 : end)}…`;
}
