import { z } from 'zod';
import { waiverSchema } from '../../core/waiver.ts';
import { alertingSchema } from './alerting.ts';
import { checkOverridesSchema } from './checks.ts';
import { idSchema, ownAddressSchema } from './leaf.ts';
import { serviceSchema } from './service.ts';
import { targetSchema } from './target.ts';

/** What may be seen without a token. */
export const publishSchema = z.strictObject({
  status: z.array(idSchema).default([]).describe('targets on the public status page'),
  badges: z.array(idSchema).default([]).describe('targets with a public badge'),
  metrics: z.boolean().default(false).describe('whether /metrics needs no token'),
});

/** What tells us whether we can see at all. */
export const observerSchema = z.strictObject({
  reach: z
    .array(ownAddressSchema)
    .max(10)
    .default([])
    .describe('host:port of something of yours, asked when much fails at once; the default gateway where not given'),
});

/** One file. In a folder of files each is one of these; lists are joined, maps merged. */
export const fileSchema = z.strictObject({
  version: z.literal(1, 'this program reads version 1 of the file').optional(),
  services: z.array(serviceSchema).optional(),
  targets: z.array(targetSchema).optional(),
  checks: checkOverridesSchema.optional(),
  waivers: z.array(waiverSchema).optional(),
  alerting: alertingSchema.optional(),
  publish: publishSchema.optional(),
  observer: observerSchema.optional(),
});
export type FileInput = z.output<typeof fileSchema>;
