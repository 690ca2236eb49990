import { z } from 'zod';
import { type ChannelAnswer, defineChannel, type Verdict } from '../channel.ts';
import { secretText } from '../fields.ts';
import { headline, paragraphs } from '../words.ts';

const address = z.string().regex(/^(?:[^<>\r\n]*<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/, {
  message: 'must be an address such as ops@example.com or Ops <ops@example.com>',
});

const settings = z.strictObject({
  smtp: z.url({ protocol: /^smtps?$/, message: 'must be smtp://host:port or smtps://host:port' }),
  user: z.string().min(1).optional(),
  password: secretText('password of the mail server').optional(),
  from: address,
  to: z.array(address).min(1),
  ca: z.string().optional().describe('PEM of a private certification authority, by a reference to its file'),
});

/**
 * Mail over SMTP. All mail about an incident refers to one id made of the incident's (RFC 5322, 3.6.4), so that it stands
 * in one thread; the id of each mail is that of the message, so that a repetition can be told.
 */
export default defineChannel({
  kind: 'email',
  settings,
  render(message, { smtp, user, password, from, to, ca }) {
    const { notification, id } = message;
    const domain = /@([^<>\s@]+?)>?$/.exec(from)?.[1] ?? 'seaworthy.invalid';
    const bulk = { 'auto-submitted': 'auto-generated', 'x-auto-response-suppress': 'All' };
    return {
      mail: {
        server: smtp,
        ...(user === undefined ? {} : { user }),
        ...(password === undefined ? {} : { password }),
        ...(ca === undefined ? {} : { ca }),
        from,
        to,
        messageId: `<${id}@${domain}>`,
        references: notification.incidents.slice(0, 20).map((incident) => `<incident-${incident.id}@${domain}>`),
        subject: headline(message, 150),
        text: `${paragraphs(message).join('\n\n')}\n\nSent by Seaworthy, reason: ${notification.reason}\n`,
        headers: { ...bulk, 'x-seaworthy-type': notification.type },
      },
    };
  },
  judge: mailVerdict,
});

/** RFC 5321, 4.2.1: 2yz taken, 4yz may be taken later, 5yz never in this form. No answer: later. */
function mailVerdict(answer: ChannelAnswer): Verdict {
  if ('error' in answer) return { outcome: 'retry', reason: answer.error };
  const { status, body } = answer;
  if (status >= 200 && status < 300) return { outcome: 'sent', note: `the mail server said ${status}` };
  const reason = `the mail server said ${status}${body === '' ? '' : `: ${body.replace(/\s+/g, ' ').slice(0, 120)}`}`;
  return status >= 400 && status < 500 ? { outcome: 'retry', reason } : { outcome: 'give-up', reason };
}
