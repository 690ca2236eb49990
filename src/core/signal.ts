import { z } from 'zod';
import { severitySchema } from './severity.ts';

/**
 * The one door to incidents. Audits, monitors, heartbeats and foreign alerts all say the same thing:
 * something opened or closed on a key. `open` on a key that is open updates it; `close` on a key that is not open does nothing.
 */
export const signalSchema = z.object({
  key: z.string().min(1).max(512),
  kind: z.enum(['open', 'close']),
  /** Epoch ms of the observation. */
  at: z.number().int(),
  severity: severitySchema,
  title: z.string(),
  /** What routes match on: `target`, `service`, `environment`, `category`, `check`, `severity` and the target's own labels. */
  labels: z.record(z.string(), z.string()),
  source: z.enum(['audit', 'monitor', 'heartbeat', 'drill', 'deployment', 'external', 'self', 'slo']),
  /** One paragraph of evidence for the timeline, already redacted. */
  text: z.string().optional(),
  /** What keeps the incident open, where the source wants to know it again: for audits `check#fingerprint` of every failure. */
  causes: z.array(z.string()).optional(),
  /** True where an `open` on an open incident brings something that people have to be told of. */
  news: z.boolean().optional(),
});
export type Signal = z.infer<typeof signalSchema>;
