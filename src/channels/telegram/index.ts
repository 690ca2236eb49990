import { z } from 'zod';
import { type ChannelAnswer, defineChannel, type ToSend, type Verdict } from '../channel.ts';
import { earlierOf, isLouder, isOwn } from '../earlier.ts';
import { httpUrl, secretText } from '../fields.ts';
import { httpVerdict } from '../http-verdict.ts';
import { readJson } from '../read-json.ts';
import { clip, headline, linkTo, moodOf, paragraphs } from '../words.ts';

const settings = z.strictObject({
  token: secretText('token of the bot').regex(/^\d+:[\w-]+$/, { message: 'must be like 123456:ABC-DEF' }),
  chat: z.union([z.string().min(1), z.number().int()]).describe('id of the chat, or @name of a channel'),
  thread: z.number().int().optional().describe('topic of a forum'),
  url: httpUrl.optional().describe('a Bot API server of your own'),
});

/** core.telegram.org/bots/api, sendMessage: text after entities are read. */
const TEXT_MAX = 4096;
const MARKS = { firing: '🔴', acknowledged: '🟠', resolved: '🟢' } as const;

/** Telegram Bot API: the incident's message is edited when its state changes; escalations and reminders answer it. */
export default defineChannel({
  kind: 'telegram',
  settings,
  render(message, { token, chat, thread, url }) {
    const earlier = earlierOf(message);
    const edit = earlier !== undefined && !isLouder(message);
    const place =
      earlier === undefined
        ? {}
        : edit
          ? { message_id: Number(earlier) }
          : { reply_parameters: { message_id: Number(earlier), allow_sending_without_reply: true } };
    const topic = thread === undefined || edit ? {} : { message_thread_id: thread };
    const [first] = message.notification.incidents;
    const link = first && linkTo(first, message);
    const buttons = link?.startsWith('https:')
      ? { reply_markup: { inline_keyboard: [[{ text: 'Open incident', url: link }]] } }
      : {};
    const body = {
      chat_id: chat,
      ...topic,
      ...place,
      text: textOf(message),
      link_preview_options: { is_disabled: true },
      ...buttons,
    };
    return {
      method: 'POST',
      url: `${(url ?? 'https://api.telegram.org').replace(/\/$/, '')}/bot${token}/${edit ? 'editMessageText' : 'sendMessage'}`,
      headers: { 'content-type': 'application/json', 'user-agent': 'seaworthy' },
      body: JSON.stringify(body),
    };
  },
  judge: telegramVerdict,
});

/** Plain text: no parse mode, so that nothing a target says can be read as marks. */
function textOf(message: ToSend): string {
  const mark = MARKS[moodOf(message.notification.incidents)];
  return clip([`${mark} ${headline(message)}`, ...paragraphs(message)].join('\n\n'), TEXT_MAX);
}

const answerSchema = z.object({
  ok: z.boolean(),
  description: z.string().optional(),
  result: z.object({ message_id: z.number().int() }).optional().catch(undefined),
  parameters: z.object({ retry_after: z.number().int().nonnegative().optional() }).optional().catch(undefined),
});

/** The body says `ok`; 429 says in `parameters.retry_after`, in seconds, when to come again. */
function telegramVerdict(answer: ChannelAnswer, now: number, message: ToSend): Verdict {
  const usual = httpVerdict(answer, now);
  if ('error' in answer) return usual;
  const said = readJson(answerSchema, answer.body) ?? cutAnswer(answer.body);
  if (said === undefined) {
    return usual.outcome === 'sent'
      ? { outcome: 'retry', reason: "answered with something that is not Telegram's" }
      : usual;
  }
  if (said.ok) {
    const id = said.result?.message_id;
    return { outcome: 'sent', note: 'posted', ...(isOwn(message) && id !== undefined ? { receipt: String(id) } : {}) };
  }
  const reason = `Telegram says ${clip(said.description ?? String(answer.status), 120)}`;
  // The same text again: an earlier attempt did arrive.
  if (said.description?.includes('message is not modified')) return { outcome: 'sent', note: 'was there already' };
  const wait = said.parameters?.retry_after;
  if (usual.outcome === 'retry')
    return { outcome: 'retry', reason, ...(wait === undefined ? {} : { afterMs: Math.min(wait * 1000, 3_600_000) }) };
  return { outcome: 'give-up', reason };
}

/** A long answer is cut; the id of the message comes first in it. */
function cutAnswer(body: string): z.infer<typeof answerSchema> | undefined {
  const id = /"ok":\s*true,\s*"result":\s*\{\s*"message_id":\s*(\d+)/.exec(body)?.[1];
  return id === undefined ? undefined : { ok: true, result: { message_id: Number(id) } };
}
