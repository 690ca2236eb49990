import { z } from 'zod';
import { defineChannel, type ToSend } from '../channel.ts';
import { httpUrl, secretText } from '../fields.ts';
import { httpVerdict } from '../http-verdict.ts';
import { clip, headline, linkTo, moodOf, paragraphs, worstOf } from '../words.ts';

const settings = z.strictObject({
  topic: z.string().regex(/^[-_A-Za-z0-9]{1,64}$/, { message: 'must be letters, digits, - and _ (64 at most)' }),
  url: httpUrl.optional().describe('a server of your own, https://ntfy.sh where none is named'),
  token: secretText('access token').optional(),
});

/** docs.ntfy.sh, "Publish": a longer message becomes an attachment. Bytes. */
const MESSAGE_MAX = 4096;
const PRIORITIES = { critical: 5, high: 4, medium: 3, low: 2, info: 2 } as const;
const TAGS = { firing: 'rotating_light', acknowledged: 'eyes', resolved: 'white_check_mark' } as const;

/** ntfy: published as JSON. A resolve makes no noise. */
export default defineChannel({
  kind: 'ntfy',
  settings,
  render(message, { topic, url, token }) {
    const { incidents } = message.notification;
    const mood = moodOf(incidents);
    const [first] = incidents;
    const link = first && linkTo(first, message);
    const body = {
      topic,
      title: headline(message),
      message: textOf(message),
      priority: mood === 'firing' ? PRIORITIES[worstOf(incidents)] : 2,
      tags: [TAGS[mood]],
      ...(link === undefined ? {} : { click: link }),
    };
    const bearer: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return {
      method: 'POST',
      url: url ?? 'https://ntfy.sh/',
      headers: { 'content-type': 'application/json', 'user-agent': 'seaworthy', ...bearer },
      body: JSON.stringify(body),
    };
  },
  judge: httpVerdict,
});

/** Cut by bytes: a character of UTF-8 has four at most, and no UTF-16 unit more than three. */
function textOf(message: ToSend): string {
  const text = paragraphs(message).join('\n\n');
  return new TextEncoder().encode(text).length <= MESSAGE_MAX ? text : clip(text, Math.floor(MESSAGE_MAX / 3));
}
