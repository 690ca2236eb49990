import { type Rule, token } from '../rule.ts';
import { sample } from '../sample.ts';

/** https://cloud.google.com/docs/authentication and the shapes that Google's own scanners publish. */
export const GOOGLE: readonly Rule[] = [
  // Restricted browser keys look the same as open ones, hence not critical.
  token('google-api-key', 'Google API key', 'high', ['AIza'], '[\\w-]{35}', {
    true: [`key: "AIza${sample(35)}"`],
    false: [`AIza${sample(20)}`, `AIza${sample(50)}`],
  }),
  token('google-oauth-secret', 'Google OAuth client secret', 'critical', ['GOCSPX-'], '[\\w-]{28}', {
    true: [`GOCSPX-${sample(28)}`],
    false: ['GOCSPX-short'],
  }),
  token('google-oauth-token', 'Google OAuth access token', 'medium', ['ya29.'], '[\\w-]{60,600}', {
    true: [`Bearer ya29.${sample(120)}`],
    false: ['ya29.x'],
  }),
  token('google-refresh-token', 'Google OAuth refresh token', 'critical', ['1//0'], '[\\w-]{60,200}', {
    true: [`"refresh_token": "1//0${sample(98)}"`],
    false: ['1//0 means infinity'],
  }),
  {
    id: 'google-service-account',
    title: 'Google service account key',
    severity: 'critical',
    kind: 'format',
    keywords: ['private_key_id'],
    regex: /private_key_id\\?"[ \t]{0,8}:[ \t]{0,8}\\?"([0-9a-f]{40})\\?"/y,
    examples: {
      true: [`{"type": "service_account", "private_key_id": "${sample(40, 'hex')}"}`],
      false: ['"private_key_id": "your-key-id"'],
    },
  },
  {
    id: 'google-chat-webhook',
    title: 'Google Chat webhook',
    severity: 'high',
    kind: 'format',
    keywords: ['chat.googleapis.com/v1/spaces/'],
    regex:
      /chat\.googleapis\.com\/v1\/spaces\/[\w-]{5,40}\/messages\?key=[\w-]{30,60}(?:&|\\u0026|&amp;)token=([\w%-]{30,80})/y,
    examples: {
      true: [`https://chat.googleapis.com/v1/spaces/AAAA1234/messages?key=${sample(39)}&token=${sample(43)}`],
      false: ['https://chat.googleapis.com/v1/spaces/SPACE/messages'],
    },
  },
  {
    id: 'google-fcm-key',
    title: 'Firebase server key',
    severity: 'high',
    kind: 'format',
    keywords: [':APA91b'],
    regex: /(?<=(?<![A-Za-z0-9_-])([A-Za-z0-9_-]{11}))(:APA91b[\w-]{134})(?![\w-])/y,
    examples: { true: [`AAAA${sample(7)}:APA91b${sample(134)}`], false: [`AAAA${sample(7)}:APA91b`] },
  },
];
