import { z } from 'zod';
import { defineChannel, type ToSend } from '../channel.ts';
import { secretUrl } from '../fields.ts';
import { httpVerdict } from '../http-verdict.ts';
import { clip, headline, linkTo, moodOf, paragraphs } from '../words.ts';

const settings = z.strictObject({
  url: secretUrl('incoming webhook'),
  channel: z.string().min(1).optional().describe('another channel than that of the webhook'),
});

/** A post has 16,383 characters at most (docs.mattermost.com, message size). */
const TEXT_MAX = 8_000;
const COLOURS = { firing: '#c92a2a', acknowledged: '#e8590c', resolved: '#2f9e44' } as const;

/** Mattermost: one attachment with a coloured edge. A webhook cannot change what it posted. */
export default defineChannel({
  kind: 'mattermost',
  settings,
  render(message, { url, channel }) {
    const body = { ...(channel === undefined ? {} : { channel }), text: '', attachments: [attachmentOf(message)] };
    const headers = { 'content-type': 'application/json', 'user-agent': 'seaworthy' };
    return { method: 'POST', url, headers, body: JSON.stringify(body) };
  },
  judge: httpVerdict,
});

function attachmentOf(message: ToSend) {
  const { incidents } = message.notification;
  const [first] = incidents;
  const link = first && linkTo(first, message);
  return {
    fallback: headline(message),
    color: COLOURS[moodOf(incidents)],
    title: headline(message),
    ...(link === undefined ? {} : { title_link: link }),
    text: clip(paragraphs(message).map(escapeMarkdown).join('\n\n'), TEXT_MAX),
  };
}

/** No marks, and no `@channel`: a zero-width space keeps the name from being one. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\*_`~|[\]#]/g, '\\$&').replace(/@(?=\w)/g, '@\u200b');
}
