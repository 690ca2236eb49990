import { z } from 'zod';
import type { HttpMessage, ToSend } from '../channel.ts';
import { httpUrl, secretText } from '../fields.ts';
import { clip, evidenceOf, linkTo, paragraphs } from '../words.ts';

export const settings = z.strictObject({
  apiKey: secretText('API key of the integration'),
  url: httpUrl.optional().describe('base of the alert API, where it is not the usual one'),
  team: z.string().min(1).optional().describe('name of the team that answers'),
});

/** What each field may hold (docs.opsgenie.com, "Create alert"). */
const MESSAGE_MAX = 130;
const DESCRIPTION_MAX = 15_000;

const PRIORITIES = { critical: 'P1', high: 'P2', medium: 'P3', low: 'P4', info: 'P5' } as const;

/** One request of the alert API: the incident's id is the alias, so that closing finds the alert that was created. */
export function alertRequest(message: ToSend, given: z.infer<typeof settings>, usual: string): HttpMessage {
  const [incident] = message.notification.incidents;
  if (!incident) throw new Error('a notification without an incident');
  const base = (given.url ?? usual).replace(/\/$/, '');
  const about = `${base}/${encodeURIComponent(incident.id)}`;
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'seaworthy',
    authorization: `GenieKey ${given.apiKey}`,
  };
  const post = (url: string, body: object): HttpMessage => ({
    method: 'POST',
    url,
    headers,
    body: JSON.stringify(body),
  });
  if (incident.state === 'resolved') {
    return post(`${about}/close?identifierType=alias`, {
      source: 'seaworthy',
      note: clip(evidenceOf(incident) ?? 'resolved', 1000),
    });
  }
  if (incident.state === 'acknowledged') {
    return post(`${about}/acknowledge?identifierType=alias`, {
      source: 'seaworthy',
      note: 'acknowledged in Seaworthy',
    });
  }
  const link = linkTo(incident, message);
  return post(base, {
    message: clip(incident.title, MESSAGE_MAX),
    alias: incident.id,
    description: clip(paragraphs(message).join('\n\n'), DESCRIPTION_MAX),
    priority: PRIORITIES[incident.severity],
    source: 'seaworthy',
    entity: clip(incident.target ?? incident.service ?? '', 512),
    tags: [incident.severity, incident.source],
    details: {
      key: clip(incident.key, 500),
      ...(link === undefined ? {} : { incident: link }),
      ...runbookOf(incident.labels),
    },
    ...(given.team === undefined ? {} : { responders: [{ type: 'team', name: given.team }] }),
  });
}

function runbookOf({ runbook }: Record<string, string>): Record<string, string> {
  return runbook === undefined ? {} : { runbook };
}
