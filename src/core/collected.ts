import { z } from 'zod';

/**
 * Why a fact is missing.
 * `not-applicable`: the target has no such thing (TLS on a plain port). All others mean that we could not look.
 */
export const ABSENCE_KINDS = [
  'not-applicable',
  'unreachable',
  'denied',
  'timeout',
  'missing-tool',
  'unreadable',
  'crashed',
] as const;
export const absenceSchema = z.object({
  kind: z.enum(ABSENCE_KINDS),
  reason: z.string(),
  /** What the probe wrote down on its way, for whoever asks why; bounded. */
  log: z.array(z.string()).optional(),
  /** Set where the target answered before and now refuses: since when, how often that was tried, and not again before (epoch ms). */
  ban: z.object({ since: z.number(), tries: z.number().int(), until: z.number() }).optional(),
});
export type Absence = z.infer<typeof absenceSchema>;

/** A fact, or the reason why there is none. `at` is epoch ms when the looking ended, `ms` how long it took. */
export type Collected<T> =
  | { ok: true; value: T; at: number; ms: number }
  | { ok: false; absence: Absence; at: number; ms: number };

/** Thrown by a probe that knows why it could not look; anything else that a probe throws is `crashed`. */
export class AbsentError extends Error {
  readonly absence: Absence;

  constructor(kind: Absence['kind'], reason: string, cause?: unknown) {
    super(reason, cause === undefined ? undefined : { cause });
    this.name = 'AbsentError';
    this.absence = { kind, reason };
  }
}
