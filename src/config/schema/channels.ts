// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are written like that
import { z } from 'zod';
import { secretSchema } from './leaf.ts';

const httpUrl = z.url({ protocol: /^https?$/, message: 'must be an http or https address' });
const secretUrl = httpUrl.meta({
  writeOnly: true,
  description: 'an address that is itself a secret; write ${env:NAME}',
});

/** Settings of each kind of channel. A channel is a map with one entry: `pager: { pagerduty: { ... } }`. */
export const CHANNEL_SCHEMAS = {
  webhook: z.strictObject({
    url: httpUrl,
    secret: secretSchema('key of the signature (Standard Webhooks, whsec_...)').optional(),
    headers: z.record(z.string(), z.string()).optional(),
  }),
  slack: z.strictObject({ webhook: secretUrl }),
  pagerduty: z.strictObject({ routingKey: secretSchema('integration key (Events API v2)'), url: httpUrl.optional() }),
  email: z.strictObject({
    smtp: z.url({ protocol: /^smtps?$/, message: 'must be smtp://host:port or smtps://host:port' }),
    user: z.string().optional(),
    password: secretSchema('password of the mail server').optional(),
    from: z.string().min(3),
    to: z.array(z.string().min(3)).min(1),
  }),
} as const;

export const channelSchema = z.union([
  z.strictObject({ webhook: CHANNEL_SCHEMAS.webhook }),
  z.strictObject({ slack: CHANNEL_SCHEMAS.slack }),
  z.strictObject({ pagerduty: CHANNEL_SCHEMAS.pagerduty }),
  z.strictObject({ email: CHANNEL_SCHEMAS.email }),
]);
