import alertmanager from './alertmanager/index.ts';
import apprise from './apprise/index.ts';
import type { DefinedChannel } from './channel.ts';
import discord from './discord/index.ts';
import email from './email/index.ts';
import exec from './exec/index.ts';
import googleChat from './google-chat/index.ts';
import jsm from './jsm/index.ts';
import mattermost from './mattermost/index.ts';
import ntfy from './ntfy/index.ts';
import opsgenie from './opsgenie/index.ts';
import pagerduty from './pagerduty/index.ts';
import pushover from './pushover/index.ts';
import slack from './slack/index.ts';
import teams from './teams/index.ts';
import telegram from './telegram/index.ts';
import twilio from './twilio/index.ts';
import webhook from './webhook/index.ts';

/** One folder per kind, one line per folder. */
const ALL: readonly DefinedChannel[] = [
  alertmanager,
  apprise,
  discord,
  email,
  exec,
  googleChat,
  jsm,
  mattermost,
  ntfy,
  opsgenie,
  pagerduty,
  pushover,
  slack,
  teams,
  telegram,
  twilio,
  webhook,
];

/** The register of channels, by kind. */
export const CHANNELS: ReadonlyMap<string, DefinedChannel> = new Map(ALL.map((channel) => [channel.kind, channel]));
