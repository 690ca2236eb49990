import type { ToSend } from '../channel.ts';
import { clip, headline, linkTo, moodOf, paragraphs, worstOf } from '../words.ts';

const COLOURS = { firing: '#c92a2a', acknowledged: '#e8590c', resolved: '#2f9e44' } as const;
/** A section's text (docs.slack.dev, Block Kit: section). */
const SECTION_MAX = 3000;

/** One attachment with a coloured edge: the headline, a section per incident (at most 11), a button to the first. */
export function attachmentOf(message: ToSend) {
  const { incidents } = message.notification;
  const [first] = incidents;
  const link = first && linkTo(first, message);
  const sections = paragraphs(message).map((text) => ({
    type: 'section',
    text: { type: 'mrkdwn', text: clip(escapeMrkdwn(text), SECTION_MAX) },
  }));
  const button = { type: 'button', text: { type: 'plain_text', text: 'Open incident' }, url: link };
  return {
    color: COLOURS[moodOf(incidents)],
    fallback: headline(message),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: headline(message, 150) } },
      ...sections,
      { type: 'context', elements: [{ type: 'mrkdwn', text: `worst severity: ${worstOf(incidents)}` }] },
      ...(link === undefined ? [] : [{ type: 'actions', elements: [button] }]),
    ],
  };
}

/** What Slack reads as its own marks (docs.slack.dev, formatting): `<!channel>` in a title must wake nobody. */
export function escapeMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
