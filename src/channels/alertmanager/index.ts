import { z } from 'zod';
import type { PublicIncident } from '../../core/incident.ts';
import { type ChannelAnswer, defineChannel, type ToSend, type Verdict } from '../channel.ts';
import { httpUrl, secretText } from '../fields.ts';
import { httpVerdict } from '../http-verdict.ts';
import { evidenceOf, linkTo } from '../words.ts';

const settings = z.strictObject({
  url: httpUrl.describe('base of Alertmanager, such as http://127.0.0.1:9093'),
  token: secretText('bearer token').optional(),
});

/** Alertmanager ends an alert by itself some minutes after its last mention, unless it was told another end. ms. */
const OPEN_END_MS = 365 * 86_400_000;

/**
 * Prometheus Alertmanager, API v2. An alert is its labels, so the labels of the first message are kept as its receipt: a
 * severity that changes later must not make a second alert that nobody ends.
 */
export default defineChannel({
  kind: 'alertmanager',
  settings,
  perIncident: true,
  render(message, { url, token }) {
    const alerts = message.notification.incidents.map((incident) => alertOf(incident, message));
    const bearer: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return {
      method: 'POST',
      url: `${url.replace(/\/$/, '')}/api/v2/alerts`,
      headers: { 'content-type': 'application/json', 'user-agent': 'seaworthy', ...bearer },
      body: JSON.stringify(alerts),
    };
  },
  judge(answer: ChannelAnswer, now: number, message: ToSend): Verdict {
    const verdict = httpVerdict(answer, now);
    const [first] = message.notification.incidents;
    if (verdict.outcome !== 'sent' || !first) return verdict;
    return { ...verdict, receipt: JSON.stringify(labelsOf(first, message)) };
  },
});

function alertOf(incident: PublicIncident, message: ToSend) {
  const link = linkTo(incident, message);
  const text = evidenceOf(incident);
  const { runbook } = incident.labels;
  return {
    labels: labelsOf(incident, message),
    annotations: {
      summary: incident.title,
      ...(text === undefined ? {} : { description: text }),
      ...(runbook === undefined ? {} : { runbook_url: runbook }),
      state: incident.state,
    },
    startsAt: incident.openedAt,
    endsAt: incident.resolvedAt ?? new Date(message.now + OPEN_END_MS).toISOString(),
    ...(link === undefined ? {} : { generatorURL: link }),
  };
}

const keptSchema = z.record(z.string(), z.string());

function labelsOf(incident: PublicIncident, { receipts }: ToSend): Record<string, string> {
  const kept = receipts?.get(incident.id);
  if (kept !== undefined) {
    const read = keptSchema.safeParse(JSON.parse(kept));
    if (read.success) return read.data;
  }
  const own = Object.entries(incident.labels).filter(
    ([name, value]) => /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) && name !== 'runbook' && value !== '',
  );
  return {
    ...Object.fromEntries(own),
    alertname: 'SeaworthyIncident',
    incident: incident.id,
    severity: incident.severity,
    source: incident.source,
    ...(incident.service === null ? {} : { service: incident.service }),
    ...(incident.target === null ? {} : { target: incident.target }),
  };
}
