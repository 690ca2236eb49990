import { z } from 'zod';
import { defineChannel, type ToSend } from '../channel.ts';
import { secretUrl } from '../fields.ts';
import { httpVerdict } from '../http-verdict.ts';
import { clip, headline, linkTo, moodOf, paragraphs } from '../words.ts';

const settings = z.strictObject({
  url: secretUrl('webhook of a Teams workflow ("Post to a channel when a webhook request is received")'),
});

/** A message may have 28 KB (learn.microsoft.com, "Create incoming webhooks", limits); the frame needs some of it. */
const TEXT_MAX = 18_000;
const COLOURS = { firing: 'Attention', acknowledged: 'Warning', resolved: 'Good' } as const;

/** Microsoft Teams through a workflow: an Adaptive Card 1.4 in the envelope that workflows read. They answer 202. */
export default defineChannel({
  kind: 'teams',
  settings,
  render(message, { url }) {
    const card = {
      type: 'message',
      attachments: [
        { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: cardOf(message) },
      ],
    };
    const headers = { 'content-type': 'application/json', 'user-agent': 'seaworthy' };
    return { method: 'POST', url, headers, body: JSON.stringify(card) };
  },
  judge: httpVerdict,
});

function cardOf(message: ToSend) {
  const { incidents } = message.notification;
  const [first] = incidents;
  const link = first && linkTo(first, message);
  const each = Math.floor(TEXT_MAX / (4 * Math.max(1, Math.min(incidents.length, 11))));
  const block = (text: string, more: object = {}) => ({
    type: 'TextBlock',
    text: escapeMarkdown(text),
    wrap: true,
    ...more,
  });
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      block(headline(message), { weight: 'Bolder', size: 'Medium', color: COLOURS[moodOf(incidents)] }),
      ...paragraphs(message).map((text) => block(clip(text, each), { separator: true })),
    ],
    ...(link === undefined ? {} : { actions: [{ type: 'Action.OpenUrl', title: 'Open incident', url: link }] }),
  };
}

/** A TextBlock reads links and emphasis; what a target says must make neither. A line needs two breaks to end. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\[\]*_`]/g, '\\$&').replaceAll('\n', '\n\n');
}
