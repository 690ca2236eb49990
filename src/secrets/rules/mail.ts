import { assigned, type Rule, token } from '../rule.ts';
import { sample, sampleUuid } from '../sample.ts';

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

/** Mail and SMS. */
export const MAIL: readonly Rule[] = [
  token('sendgrid-key', 'SendGrid API key', 'critical', ['SG.'], '[\\w-]{16,32}\\.[\\w-]{43}', {
    true: [`SENDGRID_API_KEY=SG.${sample(22)}.${sample(43)}`],
    false: ['SG.example.key'],
  }),
  token('mailgun-key', 'Mailgun key', 'critical', ['key-'], '[0-9a-f]{32}', {
    true: [`api:key-${sample(32, 'hex')}`],
    false: ['key-value', `monkey-${sample(32, 'hex')}`],
  }),
  assigned('mailgun-private-key', 'Mailgun key', 'critical', ['mailgun'], '[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}', {
    true: [`MAILGUN_API_KEY=${sample(32, 'hex')}-${sample(8, 'hex')}-${sample(8, 'hex', 2)}`],
    false: ['MAILGUN_DOMAIN=mg.example'],
  }),
  {
    id: 'mailchimp-key',
    title: 'Mailchimp API key',
    severity: 'critical',
    kind: 'format',
    keywords: ['-us'],
    regex: /(?<=(?<![A-Za-z0-9])([0-9a-f]{32}))(-us[0-9]{1,2})(?![0-9A-Za-z])/y,
    examples: { true: [`${sample(32, 'hex')}-us12`], false: ['en-us12', `${sample(20, 'hex')}-us1`] },
  },
  token(
    'mandrill-key',
    'Mandrill API key',
    'high',
    ['md-'],
    '[\\w-]{22}',
    { true: [`MANDRILL=md-${sample(22)}`], false: ['md-block'] },
    {
      kind: 'context',
      judge: (secret) => (/\d/.test(secret) && /[A-Z]/.test(secret) && /[a-z]/.test(secret) ? 'secret' : 'no'),
    },
  ),
  assigned('postmark-token', 'Postmark server token', 'critical', ['postmark'], UUID, {
    true: [`POSTMARK_API_TOKEN=${sampleUuid()}`],
    false: ['POSTMARK_FROM=a@example.com'],
  }),
  token('brevo-key', 'Brevo API key', 'critical', ['xkeysib-', 'xsmtpsib-'], '[0-9a-f]{64}-[A-Za-z0-9]{16}', {
    true: [`xkeysib-${sample(64, 'hex')}-${sample(16)}`],
    false: ['xkeysib-x'],
  }),
  assigned('mailjet-secret', 'Mailjet secret', 'high', ['mailjet', 'mj_apikey'], '[0-9a-f]{32}', {
    true: [`MJ_APIKEY_PRIVATE=${sample(32, 'hex')}`],
    false: ['mailjet_url=x'],
  }),
  token(
    'resend-key',
    'Resend API key',
    'critical',
    ['re_'],
    '[A-Za-z0-9]{6,10}_[A-Za-z0-9]{20,30}',
    {
      true: [`RESEND_API_KEY=re_${sample(8)}_${sample(24)}`],
      false: ['re_match_groups', 're_compile_something_here'],
    },
    { judge: (secret) => (/\d/.test(secret) && /[A-Z]/.test(secret) ? 'secret' : 'no') },
  ),
  assigned('sparkpost-key', 'SparkPost API key', 'high', ['sparkpost'], '[0-9a-f]{40}', {
    true: [`SPARKPOST_API_KEY=${sample(40, 'hex')}`],
    false: ['SPARKPOST_API_KEY=x'],
  }),
  token('mailersend-key', 'MailerSend token', 'critical', ['mlsn.'], '[0-9a-f]{64}', {
    true: [`mlsn.${sample(64, 'hex')}`],
    false: ['mlsn.x'],
  }),
  token('twilio-api-key', 'Twilio API key', 'high', ['SK'], '[0-9a-f]{32}', {
    true: [`TWILIO_API_KEY=SK${sample(32, 'hex')}`],
    false: ['SKU1234', `SK${sample(40, 'hex')}`],
  }),
  assigned('twilio-auth-token', 'Twilio auth token', 'critical', ['twilio'], '[0-9a-f]{32}', {
    true: [`TWILIO_AUTH_TOKEN=${sample(32, 'hex')}`],
    false: [`TWILIO_ACCOUNT_SID=AC${sample(32, 'hex')}`],
  }),
  assigned(
    'vonage-secret',
    'Vonage secret',
    'high',
    ['nexmo', 'vonage'],
    '[A-Za-z0-9]{16}',
    {
      true: [`NEXMO_API_SECRET=${sample(16)}`],
      false: ['NEXMO_FROM=Shop'],
    },
    { between: '[\\w.-]{0,20}secret' },
  ),
  assigned('messagebird-key', 'MessageBird key', 'high', ['messagebird'], '[A-Za-z0-9]{25}', {
    true: [`MESSAGEBIRD_KEY=${sample(25)}`],
    false: ['messagebird_on=true'],
  }),
  assigned('plivo-token', 'Plivo auth token', 'high', ['plivo'], '[A-Za-z0-9]{40}', {
    true: [`PLIVO_AUTH_TOKEN=${sample(40)}`],
    false: ['PLIVO=on'],
  }),
];
