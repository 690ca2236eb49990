import { z } from 'zod';
import { type ChannelAnswer, defineChannel, type ToSend, type Verdict } from '../channel.ts';
import { httpUrl, secretText } from '../fields.ts';
import { httpVerdict } from '../http-verdict.ts';
import { clip, headline, linkTo, moodOf, paragraphs, worstOf } from '../words.ts';

const settings = z.strictObject({
  token: secretText('API token of the application'),
  user: secretText('key of the user or group'),
  emergency: z.boolean().optional().describe('critical incidents sound until somebody confirms, for 3 hours at most'),
  url: httpUrl.optional(),
});

/** pushover.net/api: characters of title and message; an emergency is repeated every 30 s at the soonest, for 3 h at most. */
const TITLE_MAX = 250;
const MESSAGE_MAX = 1024;
const EMERGENCY = { priority: '2', retry: '60', expire: '10800' };

/** Pushover. An emergency carries the incident as its tag, so that its end silences it. */
export default defineChannel({
  kind: 'pushover',
  settings,
  perIncident: true,
  render(message, { token, user, emergency, url }) {
    const { incidents } = message.notification;
    const [first] = incidents;
    const base = (url ?? 'https://api.pushover.net/1').replace(/\/$/, '');
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'seaworthy' };
    const tag = `incident=${first?.id}`;
    const mood = moodOf(incidents);
    const sounding = first !== undefined && message.receipts?.get(first.id) !== undefined;
    if (sounding && mood !== 'firing') {
      const silence = `${base}/receipts/cancel_by_tag/${encodeURIComponent(tag)}.json`;
      return { method: 'POST', url: silence, headers, body: new URLSearchParams({ token }).toString() };
    }
    const worst = worstOf(incidents);
    const loud = mood === 'firing' && worst === 'critical';
    const urgency =
      loud && emergency
        ? { ...EMERGENCY, tags: tag }
        : { priority: mood !== 'firing' ? '-1' : loud || worst === 'high' ? '1' : '0' };
    const link = first && linkTo(first, message);
    const form = {
      token,
      user,
      title: headline(message, TITLE_MAX),
      message: clip(paragraphs(message).join('\n\n'), MESSAGE_MAX),
      ...urgency,
      ...(link === undefined ? {} : { url: link, url_title: 'Open incident' }),
    };
    return { method: 'POST', url: `${base}/messages.json`, headers, body: new URLSearchParams(form).toString() };
  },
  judge: pushoverVerdict,
});

/** 429 is the month's quota, which no retry brings back soon; an emergency answers with a receipt. */
function pushoverVerdict(answer: ChannelAnswer, now: number, _message: ToSend): Verdict {
  const usual = httpVerdict(answer, now);
  if ('error' in answer) return usual;
  if (answer.status === 429)
    return {
      outcome: 'give-up',
      reason: `the quota of this month is used up${usual.outcome === 'sent' ? '' : ` (${usual.reason})`}`,
    };
  const receipt = /"receipt":\s*"([A-Za-z0-9]{1,60})"/.exec(answer.body)?.[1];
  return usual.outcome === 'sent' && receipt !== undefined ? { ...usual, receipt } : usual;
}
