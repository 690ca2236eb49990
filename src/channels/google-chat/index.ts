import { z } from 'zod';
import { defineChannel } from '../channel.ts';
import { secretUrl } from '../fields.ts';
import { httpVerdict } from '../http-verdict.ts';
import { clip, headline, paragraphs } from '../words.ts';

const settings = z.strictObject({ url: secretUrl('webhook of a space, with its key and token') });

/** A message has 32,000 bytes at most (developers.google.com, "Send messages"); a UTF-16 unit has three at most. */
const TEXT_MAX = 10_000;

/** Google Chat: all messages about an incident in one thread, named by its id. One request a second and space, 429 beyond. */
export default defineChannel({
  kind: 'googleChat',
  settings,
  render(message, { url }) {
    const target = new URL(url);
    target.searchParams.set('messageReplyOption', 'REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD');
    const text = [`*${escapeMarks(headline(message))}*`, ...paragraphs(message).map(escapeMarks)].join('\n\n');
    const body = {
      text: clip(text, TEXT_MAX),
      thread: { threadKey: `seaworthy-${message.notification.incidents[0]?.id}` },
    };
    const headers = { 'content-type': 'application/json; charset=UTF-8', 'user-agent': 'seaworthy' };
    return { method: 'POST', url: target.href, headers, body: JSON.stringify(body) };
  },
  judge: httpVerdict,
});

/** `<users/all>` would call everybody, and `<url|text>` hide an address: no angle bracket leaves us as one. */
function escapeMarks(text: string): string {
  return text
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .replace(/[*_~`]/g, (mark) => `${mark}\u200b`);
}
