import { assigned, type Rule, token } from '../rule.ts';
import { sample, sampleUuid } from '../sample.ts';

/** Chat, collaboration and social networks. */
export const CHAT: readonly Rule[] = [
  token('slack-bot-token', 'Slack bot token', 'critical', ['xoxb-'], '[0-9]{8,14}-[0-9A-Za-z-]{10,80}', {
    true: [`SLACK_TOKEN=xoxb-${sample(12, 'digits')}-${sample(13, 'digits')}-${sample(24)}`],
    false: ['xoxb-token', 'xoxb-your-token-here'],
  }),
  token(
    'slack-user-token',
    'Slack user token',
    'critical',
    ['xoxp-', 'xoxs-', 'xoxa-', 'xoxr-', 'xoxo-', 'xoxc-'],
    '[0-9A-Za-z-]{20,200}',
    {
      true: [`xoxp-${sample(12, 'digits')}-${sample(12, 'digits', 2)}-${sample(12, 'digits', 3)}-${sample(32, 'hex')}`],
      false: ['xoxp-token'],
    },
    { judge: (secret) => (/\d{6}/.test(secret) ? 'secret' : 'no') },
  ),
  token(
    'slack-app-token',
    'Slack app token',
    'critical',
    ['xapp-'],
    '[0-9]-[A-Z0-9]{8,14}-[0-9]{8,16}-[0-9a-f]{40,80}',
    {
      true: [`xapp-1-A${sample(10, 'upper')}-${sample(13, 'digits')}-${sample(64, 'hex')}`],
      false: ['xapp-1'],
    },
  ),
  token(
    'slack-config-token',
    'Slack configuration token',
    'critical',
    ['xoxe.xoxp-', 'xoxe.xoxb-', 'xoxe-'],
    '[0-9]-[A-Za-z0-9-]{100,300}',
    {
      true: [`xoxe.xoxp-1-${sample(166)}`],
      false: ['xoxe-1'],
    },
  ),
  {
    id: 'slack-webhook',
    title: 'Slack webhook',
    severity: 'high',
    kind: 'format',
    keywords: ['hooks.slack.com/'],
    regex: /hooks\.slack\.com\/((?:services|workflows|triggers)\/[A-Za-z0-9+/]{20,120})/y,
    examples: {
      true: [`https://hooks.slack.com/services/T${sample(8, 'upper')}/B${sample(8, 'upper')}/${sample(24)}`],
      false: ['https://hooks.slack.com/services/...'],
    },
  },
  {
    id: 'discord-webhook',
    title: 'Discord webhook',
    severity: 'high',
    kind: 'format',
    keywords: ['discord.com/api/webhooks/', 'discordapp.com/api/webhooks/'],
    regex: /discord(?:app)?\.com\/api\/webhooks\/([0-9]{17,20}\/[\w-]{60,70})/y,
    examples: {
      true: [`https://discord.com/api/webhooks/${sample(18, 'digits')}/${sample(68)}`],
      false: ['https://discord.com/api/webhooks/ID/TOKEN'],
    },
  },
  assigned(
    'discord-bot-token',
    'Discord bot token',
    'critical',
    ['discord', 'bot_token'],
    '[MNO][\\w-]{23,27}\\.[\\w-]{6}\\.[\\w-]{27,38}',
    {
      true: [`DISCORD_TOKEN=M${sample(23)}.${sample(6)}.${sample(27)}`],
      false: ['DISCORD_TOKEN=...'],
    },
  ),
  {
    id: 'telegram-bot-token',
    title: 'Telegram bot token',
    severity: 'critical',
    kind: 'format',
    keywords: [':AA'],
    regex: /(?<=(?<![0-9A-Za-z])(?:bot)?([0-9]{8,10}))(:AA[\w-]{33})(?![\w-])/y,
    examples: {
      true: [
        `TG=${sample(10, 'digits')}:AA${sample(33)}`,
        `api.telegram.org/bot${sample(9, 'digits')}:AA${sample(33)}/x`,
      ],
      false: ['10:AA', '00:AA:BB:CC'],
    },
  },
  {
    id: 'teams-webhook',
    title: 'Microsoft Teams webhook',
    severity: 'high',
    kind: 'format',
    keywords: ['.webhook.office.com/'],
    regex:
      /\.webhook\.office\.com\/(webhookb2\/[0-9a-f-]{36}@[0-9a-f-]{36}\/IncomingWebhook\/[0-9a-f]{32}\/[0-9a-f-]{36})/y,
    examples: {
      true: [
        `https://shop.webhook.office.com/webhookb2/${sampleUuid()}@${sampleUuid(2)}/IncomingWebhook/${sample(32, 'hex')}/${sampleUuid(3)}`,
      ],
      false: ['https://shop.webhook.office.com/webhookb2/x'],
    },
  },
  token('facebook-token', 'Facebook access token', 'high', ['EAA'], '[MC][A-Za-z0-9]{100,300}', {
    true: [`EAAC${sample(160)}`],
    false: ['EAACx'],
  }),
  token('twitter-bearer', 'X (Twitter) bearer token', 'high', ['AAAAAAAAAAAAAAAAAAAAA'], '[A-Za-z0-9%]{80,120}', {
    true: [`${'A'.repeat(21)}${sample(91)}`],
    false: ['A'.repeat(40)],
  }),
  assigned(
    'twitter-secret',
    'X (Twitter) consumer or access secret',
    'high',
    ['twitter'],
    '[A-Za-z0-9]{45,50}',
    {
      true: [`TWITTER_ACCESS_TOKEN_SECRET=${sample(45)}`],
      false: ['twitter_handle=shop'],
    },
    { between: '[\\w.-]{0,30}secret' },
  ),
  assigned(
    'linkedin-secret',
    'LinkedIn client secret',
    'high',
    ['linkedin'],
    '[A-Za-z0-9]{16}|WPL_AP1\\.[A-Za-z0-9.=+/]{16,60}',
    {
      true: [`LINKEDIN_CLIENT_SECRET=${sample(16)}`],
      false: ['linkedin_url=x'],
    },
    { between: '[\\w.-]{0,20}secret' },
  ),
  token('hubspot-token', 'HubSpot private app token', 'critical', ['pat-na', 'pat-eu'], '[0-9]-[0-9a-f-]{36}', {
    true: [`pat-na1-${sampleUuid()}`],
    false: ['pat-na1'],
  }),
  token('linear-key', 'Linear API key', 'high', ['lin_api_', 'lin_oauth_'], '[A-Za-z0-9]{40,64}', {
    true: [`lin_api_${sample(40)}`],
    false: ['lin_api_x'],
  }),
  token('notion-token', 'Notion token', 'high', ['ntn_'], '[A-Za-z0-9]{43,50}', {
    true: [`ntn_${sample(46)}`],
    false: ['ntn_x'],
  }),
  assigned('notion-secret', 'Notion integration secret', 'high', ['notion'], 'secret_[A-Za-z0-9]{43}', {
    true: [`NOTION_TOKEN=secret_${sample(43)}`],
    false: ['notion_page=x'],
  }),
  {
    id: 'airtable-token',
    title: 'Airtable token',
    severity: 'high',
    kind: 'format',
    keywords: ['pat'],
    regex: /(?<![A-Za-z0-9])(pat[A-Za-z0-9]{14}\.[0-9a-f]{64})(?![0-9a-f])/y,
    examples: { true: [`pat${sample(14)}.${sample(64, 'hex')}`], false: ['pattern.exec(x)', 'path.join'] },
  },
  token('figma-token', 'Figma token', 'high', ['figd_'], '[\\w-]{40}', {
    true: [`figd_${sample(40)}`],
    false: ['figd_x'],
  }),
  token('contentful-token', 'Contentful management token', 'high', ['CFPAT-'], '[\\w-]{43}', {
    true: [`CFPAT-${sample(43)}`],
    false: ['CFPAT-x'],
  }),
  token('typeform-token', 'Typeform token', 'high', ['tfp_'], '[\\w.=-]{40,64}', {
    true: [`tfp_${sample(59)}`],
    false: ['tfp_x'],
  }),
  token('dropbox-token', 'Dropbox token', 'high', ['sl.'], '[\\w-]{130,1500}', {
    true: [`sl.${sample(140)}`],
    false: ['sl.no'],
  }),
  assigned('asana-token', 'Asana token', 'high', ['asana'], '[0-9]/[0-9]{15,17}(?:/[0-9]{15,17}){0,1}:[0-9a-f]{32}', {
    true: [`ASANA_TOKEN=1/${sample(16, 'digits')}:${sample(32, 'hex')}`],
    false: ['asana_project=12'],
  }),
  assigned('trello-key', 'Trello key', 'high', ['trello'], '[0-9a-f]{32}|[0-9a-f]{64}', {
    true: [`TRELLO_API_KEY=${sample(32, 'hex')}`],
    false: ['trello_board=x'],
  }),
  assigned('zendesk-token', 'Zendesk token', 'high', ['zendesk'], '[A-Za-z0-9]{40}', {
    true: [`ZENDESK_API_TOKEN=${sample(40)}`],
    false: ['zendesk_domain=x'],
  }),
  assigned(
    'zoom-secret',
    'Zoom client secret',
    'high',
    ['zoom'],
    '[A-Za-z0-9]{32}',
    { true: [`ZOOM_CLIENT_SECRET=${sample(32)}`], false: ['zoom=1'] },
    { between: '[\\w.-]{0,20}secret' },
  ),
];
