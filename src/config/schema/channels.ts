import { z } from 'zod';
import { CHANNELS } from '../../channels/index.ts';

const kinds = [...CHANNELS.values()].map(({ kind, settings }) => z.strictObject({ [kind]: settings }));

/** A channel is a map with one entry, its kind: `pager: { pagerduty: { ... } }`. The settings are those of the channel itself. */
export const channelSchema = z.union(kinds);
