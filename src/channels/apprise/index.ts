import { z } from 'zod';
import { type ChannelAnswer, defineChannel, type Verdict } from '../channel.ts';
import { httpUrl, secretText } from '../fields.ts';
import { httpVerdict } from '../http-verdict.ts';
import { headline, moodOf, paragraphs, worstOf } from '../words.ts';

const settings = z
  .strictObject({
    url: httpUrl.describe('base of the Apprise API server, such as http://127.0.0.1:8000'),
    key: z
      .string()
      .regex(/^[\w-]{1,128}$/)
      .optional()
      .describe('a configuration that the server keeps'),
    urls: secretText('Apprise addresses, separated by commas').optional(),
    tag: z.string().min(1).optional(),
  })
  .refine((given) => (given.key === undefined) !== (given.urls === undefined), {
    message: 'needs either a key or urls',
  });

/** The Apprise API gateway: the ninety services behind it through one request. */
export default defineChannel({
  kind: 'apprise',
  settings,
  render(message, { url, key, urls, tag }) {
    const { incidents } = message.notification;
    const mood = moodOf(incidents);
    const type =
      mood === 'resolved'
        ? 'success'
        : mood === 'acknowledged'
          ? 'info'
          : ['critical', 'high'].includes(worstOf(incidents))
            ? 'failure'
            : 'warning';
    const body = {
      title: headline(message),
      body: paragraphs(message).join('\n\n'),
      type,
      format: 'text',
      ...(tag === undefined ? {} : { tag }),
      ...(urls === undefined ? {} : { urls }),
    };
    return {
      method: 'POST',
      url: `${url.replace(/\/$/, '')}/notify${key === undefined ? '' : `/${key}`}`,
      headers: { 'content-type': 'application/json', 'user-agent': 'seaworthy' },
      body: JSON.stringify(body),
    };
  },
  judge: appriseVerdict,
});

/** 204: there is nothing under that key. 424: at least one of the services behind it did not take the message. */
function appriseVerdict(answer: ChannelAnswer, now: number): Verdict {
  if (!('error' in answer) && answer.status === 204)
    return { outcome: 'give-up', reason: 'answered 204: the server keeps nothing under this key' };
  if (!('error' in answer) && answer.status === 424)
    return { outcome: 'retry', reason: 'answered 424: a service behind it did not take the message' };
  return httpVerdict(answer, now);
}
