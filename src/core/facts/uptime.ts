import { z } from 'zod';

const share = z.number().min(0).max(1).nullable();

/** What the monitor of a target saw. Durations in ms, instants epoch ms. */
export const uptimeFacts = z.object({
  /** The period that is judged, clipped to what is known: from the first verdict to now. */
  from: z.number(),
  to: z.number(),
  upMs: z.number(),
  downMs: z.number(),
  unknownMs: z.number(),
  maintenanceMs: z.number(),
  /** up / (up + down); `null` where nothing was seen. */
  uptime: share,
  /** (up + down) / (up + down + unknown). */
  observed: share,
  /** The objective of the monitor, as a share; `null` where none is declared. */
  objective: share,
  /** Over the answers of the last day. */
  latency: z.object({ count: z.number().int(), p95Ms: z.number().nullable(), belowMs: z.number().nullable() }),
  /** Over the looks of the last day: how late they started, and how many of those that were due there were. */
  looks: z.object({
    everyMs: z.number(),
    due: z.number().int(),
    taken: z.number().int(),
    unknown: z.number().int(),
    latenessP99Ms: z.number().nullable(),
  }),
});
export type UptimeFacts = z.infer<typeof uptimeFacts>;
