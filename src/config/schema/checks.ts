import { z } from 'zod';
import { severitySchema } from '../../core/severity.ts';

/** What is said about one check: on or off, or its severity and options. The options are the check's own business. */
export const checkOverrideSchema = z.union([
  z.enum(['on', 'off']),
  z.boolean(),
  z.looseObject({ enabled: z.boolean().optional(), severity: severitySchema.optional() }),
]);
export type CheckOverrideInput = z.output<typeof checkOverrideSchema>;

/** By check id, or `category.*` to switch a whole category on or off or to set its severity. */
export const checkOverridesSchema = z.record(z.string(), checkOverrideSchema);
