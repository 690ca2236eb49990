import type { DefinedChannel } from './channel.ts';
import email from './email/index.ts';
import exec from './exec/index.ts';
import pagerduty from './pagerduty/index.ts';
import slack from './slack/index.ts';
import webhook from './webhook/index.ts';

/** One folder per kind, one line per folder. */
const ALL: readonly DefinedChannel[] = [email, exec, pagerduty, slack, webhook];

/** The register of channels, by kind. */
export const CHANNELS: ReadonlyMap<string, DefinedChannel> = new Map(ALL.map((channel) => [channel.kind, channel]));
