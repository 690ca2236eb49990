import type { DefinedChannel } from './channel.ts';
import webhook from './webhook/index.ts';

/** The register of channels, by kind. One folder per kind, one line per folder. */
export const CHANNELS: ReadonlyMap<string, DefinedChannel> = new Map([[webhook.kind, webhook]]);
