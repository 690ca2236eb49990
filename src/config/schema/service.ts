import { z } from 'zod';
import { idSchema } from './leaf.ts';
import { sloSchema } from './monitor.ts';

/** Something that users depend on; its targets are what it runs on. */
export const serviceSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1).optional(),
  owner: z.string().optional().describe('team or person that answers for it'),
  tier: z.number().int().min(0).max(9).optional().describe('1 = most important'),
  environment: z.string().min(1).optional().describe('production where not given'),
  runbook: z.url().optional(),
  dependsOn: z.array(idSchema).optional().describe('ids of other services'),
  slo: sloSchema.optional().describe('for all of its monitors together: down while any of them is'),
  description: z.string().optional(),
});
export type ServiceInput = z.output<typeof serviceSchema>;
