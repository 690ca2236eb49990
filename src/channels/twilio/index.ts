import { z } from 'zod';
import { type ChannelAnswer, defineChannel, type ToSend, type Verdict } from '../channel.ts';
import { httpUrl, secretText } from '../fields.ts';
import { httpVerdict } from '../http-verdict.ts';
import { clip, headline, linkTo } from '../words.ts';

const number = z.string().regex(/^\+[1-9]\d{6,14}$/, { message: 'must be a number such as +351210000000 (E.164)' });

const settings = z.strictObject({
  accountSid: z.string().regex(/^AC[0-9a-f]{32}$/, { message: 'must be AC and 32 hexadecimal digits' }),
  authToken: secretText('auth token of the account'),
  from: number,
  to: number,
  voice: z.boolean().optional().describe('call instead of writing; only what fires rings, its end is written'),
  url: httpUrl.optional(),
});

/** twilio.com/docs: a body has 1,600 characters at most, and 320 are two or three parts of a text message. */
const SMS_MAX = 320;
/** Error codes by which Twilio says that it is too much now (20429 requests, 14107 messages of one sender, 30001 the queue). */
const PASSING = new Set([20429, 14107, 30001]);

/** Twilio: a text message, or a call that reads the headline twice. */
export default defineChannel({
  kind: 'twilio',
  settings,
  render(message, { accountSid, authToken, from, to, voice, url }) {
    const base = `${(url ?? 'https://api.twilio.com').replace(/\/$/, '')}/2010-04-01/Accounts/${accountSid}`;
    const call = voice === true && message.notification.incidents.some((incident) => incident.state === 'open');
    const said: Record<string, string> = call ? { Twiml: twiml(headline(message)) } : { Body: textOf(message) };
    return {
      method: 'POST',
      url: `${base}/${call ? 'Calls' : 'Messages'}.json`,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'user-agent': 'seaworthy',
        authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}`,
      },
      body: new URLSearchParams({ To: to, From: from, ...said }).toString(),
    };
  },
  judge: twilioVerdict,
});

function textOf(message: ToSend): string {
  const [first] = message.notification.incidents;
  const link = first && linkTo(first, message);
  const tail = link === undefined ? '' : `\n${link}`;
  return `${clip(headline(message), SMS_MAX - tail.length)}${tail}`;
}

function twiml(text: string): string {
  const plain = text.replace(/[<>&"'\u0000-\u001f]/g, ' ');
  return `<Response><Pause length="1"/><Say>${plain}</Say><Pause length="1"/><Say>${plain}</Say></Response>`;
}

function twilioVerdict(answer: ChannelAnswer, now: number): Verdict {
  const usual = httpVerdict(answer, now);
  if ('error' in answer || usual.outcome === 'sent') return usual;
  const code = Number(/"code":\s*(\d{4,6})/.exec(answer.body)?.[1]);
  return usual.outcome === 'give-up' && PASSING.has(code) ? { outcome: 'retry', reason: usual.reason } : usual;
}
