import { z } from 'zod';
import { type ChannelAnswer, defineChannel, type ToSend, type Verdict } from '../channel.ts';
import { earlierOf, isLouder, isOwn } from '../earlier.ts';
import { httpUrl, secretText, secretUrl } from '../fields.ts';
import { httpVerdict, retryAfterMs } from '../http-verdict.ts';
import { readJson } from '../read-json.ts';
import { headline } from '../words.ts';
import { attachmentOf, escapeMrkdwn } from './blocks.ts';

const settings = z
  .strictObject({
    webhook: secretUrl('incoming webhook; cannot change its messages').optional(),
    token: secretText('bot token with chat:write; its message changes with the incident').optional(),
    channel: z.string().min(1).optional().describe('id or #name, with a token'),
    url: httpUrl.optional().describe('base of the Web API, https://slack.com/api'),
  })
  .refine((given) => (given.webhook === undefined) !== (given.token === undefined), {
    message: 'needs either a webhook, or a token and a channel',
  })
  .refine((given) => given.token === undefined || given.channel !== undefined, { message: 'a token needs a channel' });

/** Errors of the Web API that another attempt may not meet (docs.slack.dev, chat.postMessage). */
const PASSING = new Set([
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
]);

/**
 * Slack. With a token the first message is kept as the incident's own and changes with its state; what follows to people
 * (escalation, reminder) is a reply in its thread. A webhook can only add messages.
 */
export default defineChannel({
  kind: 'slack',
  settings,
  render(message, { webhook, token, channel, url }) {
    const text = escapeMrkdwn(headline(message));
    const json = { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'seaworthy' };
    if (webhook !== undefined) {
      const body = JSON.stringify({ text, attachments: [attachmentOf(message)] });
      return { method: 'POST', url: webhook, headers: json, body };
    }
    const earlier = placeOf(earlierOf(message));
    const reply = isLouder(message);
    const method = earlier !== undefined && !reply ? 'chat.update' : 'chat.postMessage';
    const place = earlier === undefined ? { channel } : { channel: earlier.channel };
    const when =
      earlier === undefined ? {} : reply ? { thread_ts: earlier.ts, reply_broadcast: true } : { ts: earlier.ts };
    return {
      method: 'POST',
      url: `${(url ?? 'https://slack.com/api').replace(/\/$/, '')}/${method}`,
      headers: { ...json, authorization: `Bearer ${token}` },
      body: JSON.stringify({ ...place, ...when, text, attachments: [attachmentOf(message)], unfurl_links: false }),
    };
  },
  judge: slackVerdict,
});

/** A receipt is channel and ts, with a space between. */
function placeOf(receipt: string | undefined): { channel: string; ts: string } | undefined {
  const [channel, ts] = receipt?.split(' ') ?? [];
  return channel && ts ? { channel, ts } : undefined;
}

/** The Web API answers 200 with `ok: false` where it refuses; a webhook answers the word ok. */
function slackVerdict(answer: ChannelAnswer, now: number, message: ToSend): Verdict {
  const usual = httpVerdict(answer, now);
  if (usual.outcome !== 'sent' || 'error' in answer) return usual;
  if (answer.body.trim() === 'ok') return usual;
  const said = readJson(answerSchema, answer.body);
  if (said === undefined)
    return { outcome: 'retry', reason: `answered ${answer.status} with something that is not Slack's` };
  if (said.ok) {
    const receipt =
      isOwn(message) && said.channel !== undefined && said.ts !== undefined
        ? { receipt: `${said.channel} ${said.ts}` }
        : {};
    return { outcome: 'sent', note: 'posted', ...receipt };
  }
  const error = said.error ?? 'unknown error';
  if (!PASSING.has(error)) return { outcome: 'give-up', reason: `Slack says ${error}` };
  const afterMs = retryAfterMs(answer.headers['retry-after'], now);
  return { outcome: 'retry', reason: `Slack says ${error}`, ...(afterMs === undefined ? {} : { afterMs }) };
}

const answerSchema = z.object({
  ok: z.boolean(),
  error: z
    .string()
    .regex(/^[a-z_]{1,60}$/)
    .optional()
    .catch(undefined),
  channel: z
    .string()
    .regex(/^[A-Z0-9]{1,40}$/)
    .optional()
    .catch(undefined),
  ts: z
    .string()
    .regex(/^[\d.]{1,40}$/)
    .optional()
    .catch(undefined),
});
