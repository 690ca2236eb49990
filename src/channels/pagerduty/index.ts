import { z } from 'zod';
import type { PublicIncident } from '../../core/incident.ts';
import { defineChannel, type ToSend } from '../channel.ts';
import { httpUrl, secretText } from '../fields.ts';
import { httpVerdict } from '../http-verdict.ts';
import { clip, evidenceOf, linkTo } from '../words.ts';

const settings = z.strictObject({
  routingKey: secretText('integration key (Events API v2)'),
  url: httpUrl.optional().describe('where the Events API answers, e.g. https://events.eu.pagerduty.com/v2/enqueue'),
});

/** Events API v2: what each field may hold (developer.pagerduty.com, "PD-CEF" and "Send an alert event"). */
const SUMMARY_MAX = 1024;
const DETAIL_MAX = 4096;

const SEVERITIES = { critical: 'critical', high: 'error', medium: 'warning', low: 'warning', info: 'info' } as const;
const ACTIONS = { open: 'trigger', acknowledged: 'acknowledge', resolved: 'resolve' } as const;

/** PagerDuty Events API v2: one event per incident; its id is the deduplication key, so that the resolve finds the alert. */
export default defineChannel({
  kind: 'pagerduty',
  settings,
  perIncident: true,
  render(message, { routingKey, url }) {
    const [incident] = message.notification.incidents;
    if (!incident) throw new Error('a notification without an incident');
    const action = ACTIONS[incident.state];
    const link = linkTo(incident, message);
    const runbook = incident.labels.runbook;
    const links = [
      ...(link === undefined ? [] : [{ href: link, text: 'incident' }]),
      ...(runbook === undefined ? [] : [{ href: runbook, text: 'runbook' }]),
    ];
    const body = {
      routing_key: routingKey,
      event_action: action,
      dedup_key: incident.id,
      client: 'Seaworthy',
      ...(link === undefined ? {} : { client_url: link }),
      ...(action === 'trigger' ? { payload: payloadOf(incident, message), links } : {}),
    };
    return {
      method: 'POST',
      url: url ?? 'https://events.pagerduty.com/v2/enqueue',
      headers: { 'content-type': 'application/json', 'user-agent': 'seaworthy' },
      body: JSON.stringify(body),
    };
  },
  // 202 taken, 400 not an event, 429 too many of them, 5xx their trouble: the usual reading.
  judge: httpVerdict,
});

function payloadOf(incident: PublicIncident, { notification }: ToSend) {
  const { title, target, service, severity, openedAt, labels, key } = incident;
  return {
    summary: clip(title, SUMMARY_MAX),
    source: target ?? service ?? 'seaworthy',
    severity: SEVERITIES[severity],
    timestamp: openedAt,
    ...(service === null ? {} : { group: service }),
    ...(target === null ? {} : { component: target }),
    class: labels.category ?? labels.check ?? incident.source,
    custom_details: {
      key,
      severity,
      reason: notification.reason,
      seen: clip(evidenceOf(incident) ?? '', DETAIL_MAX),
      labels,
    },
  };
}
