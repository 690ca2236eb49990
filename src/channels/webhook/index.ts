import { z } from 'zod';
import { defineChannel } from '../channel.ts';
import { httpUrl, secretText } from '../fields.ts';
import { httpVerdict } from '../http-verdict.ts';
import { isSecret, signature } from './sign.ts';

const settings = z.strictObject({
  url: httpUrl,
  secret: secretText('key of the signature (Standard Webhooks, whsec_...); unsigned where there is none')
    .refine(isSecret, { message: 'is not base64 after whsec_' })
    .optional(),
  headers: z.record(z.string(), z.string()).optional().describe('added to every request'),
});

/** A POST of the notification as JSON, signed after the Standard Webhooks specification. */
export default defineChannel({
  kind: 'webhook',
  settings,
  render({ id, notification, now }, { url, secret, headers }) {
    const body = JSON.stringify(notification);
    const timestamp = String(Math.floor(now / 1000));
    const own = {
      'content-type': 'application/json',
      'user-agent': 'seaworthy',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      ...(secret === undefined ? {} : { 'webhook-signature': signature(secret, id, timestamp, body) }),
    };
    // Ours last: a header from the configuration must not break the signature or the id.
    const given = Object.entries(headers ?? {}).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
    return { method: 'POST', url, headers: { ...Object.fromEntries(given), ...own }, body };
  },
  judge: httpVerdict,
});
