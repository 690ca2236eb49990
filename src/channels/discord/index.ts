import { z } from 'zod';
import { type ChannelAnswer, defineChannel, type ToSend, type Verdict } from '../channel.ts';
import { earlierOf, isLouder, isOwn } from '../earlier.ts';
import { secretUrl } from '../fields.ts';
import { httpVerdict } from '../http-verdict.ts';
import { readJson } from '../read-json.ts';
import { clip, headline, linkTo, moodOf, paragraphs } from '../words.ts';

const settings = z.strictObject({ url: secretUrl('webhook of a channel') });

/** docs.discord.com, embed limits: the description of one, and all text of a message. */
const DESCRIPTION_MAX = 4096;
const COLOURS = { firing: 0xc92a2a, acknowledged: 0xe8590c, resolved: 0x2f9e44 } as const;

/** Discord: one embed per message, changed when the incident's state changes; escalations and reminders are messages of their own. */
export default defineChannel({
  kind: 'discord',
  settings,
  render(message, { url }) {
    const earlier = isLouder(message) ? undefined : earlierOf(message);
    const target = new URL(url);
    if (earlier !== undefined) target.pathname = `${target.pathname.replace(/\/$/, '')}/messages/${earlier}`;
    else target.searchParams.set('wait', 'true'); // only then the answer names the message
    const headers = { 'content-type': 'application/json', 'user-agent': 'seaworthy' };
    const body = {
      content: escapeMarkdown(headline(message)),
      embeds: [embedOf(message)],
      allowed_mentions: { parse: [] },
    };
    return { method: earlier === undefined ? 'POST' : 'PATCH', url: target.href, headers, body: JSON.stringify(body) };
  },
  judge: discordVerdict,
});

function embedOf(message: ToSend) {
  const { incidents } = message.notification;
  const [first] = incidents;
  const link = first && linkTo(first, message);
  return {
    title: headline(message, 256),
    description: clip(paragraphs(message).map(escapeMarkdown).join('\n\n'), DESCRIPTION_MAX),
    color: COLOURS[moodOf(incidents)],
    ...(link === undefined ? {} : { url: link }),
  };
}

const answerSchema = z.object({
  id: z
    .string()
    .regex(/^\d{1,25}$/)
    .optional()
    .catch(undefined),
  retry_after: z.number().nonnegative().optional().catch(undefined),
});

/** 200 with the message; 429 says in its body, in seconds and fractions, when to come again. */
function discordVerdict(answer: ChannelAnswer, now: number, message: ToSend): Verdict {
  const usual = httpVerdict(answer, now);
  if ('error' in answer) return usual;
  const said = readJson(answerSchema, answer.body) ?? cutAnswer(answer.body);
  if (usual.outcome === 'retry' && said.retry_after !== undefined) {
    return { ...usual, afterMs: Math.min(Math.ceil(said.retry_after * 1000), 3_600_000) };
  }
  // Somebody deleted the message that was to be changed: there is nothing left to change.
  if (answer.status === 404 && earlierOf(message) !== undefined && !isLouder(message)) {
    return { outcome: 'give-up', reason: 'the message about this incident was deleted' };
  }
  if (usual.outcome === 'sent' && said.id !== undefined && isOwn(message)) {
    return { ...usual, receipt: said.id };
  }
  return usual;
}

/** A long answer is cut; the id of the message stands before its author's and its embeds. */
function cutAnswer(body: string): z.infer<typeof answerSchema> {
  return { id: /"id":\s*"(\d{1,25})"/.exec(body)?.[1], retry_after: undefined };
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\*_`~|>[\]]/g, '\\$&');
}
