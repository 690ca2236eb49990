import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { cronLine } from '../time/cron.ts';

/** When something is done: a period, or a cron line in a time zone; `null` = only when it is asked for. */
export type Schedule = { everyMs: number } | { cron: string; timeZone: string } | null;

/** Runs that were missed while we were away are spread over this, so that a restart is no burst. */
const CATCH_UP_MS = 300_000;
/** Everybody writes `0 * * * *`; each target starts its own bit after the minute. */
const CRON_JITTER_MS = 30_000;

/** A number of 32 bits that stays the same for an id, whatever the process. */
function stableHash(text: string): number {
  return new DataView(sha256(utf8ToBytes(text)).buffer).getUint32(0);
}

/** The first due time after `after` (epoch ms). The phase hangs on the id alone: restarts move nothing. */
export function nextDue(id: string, schedule: Schedule, after: number): number | null {
  if (schedule === null) return null;
  if ('everyMs' in schedule) {
    const phase = stableHash(id) % schedule.everyMs;
    return (Math.floor((after - phase) / schedule.everyMs) + 1) * schedule.everyMs + phase;
  }
  const jitter = stableHash(id) % CRON_JITTER_MS;
  const next = cronLine(schedule.cron, schedule.timeZone).next(after - jitter);
  return next === null ? null : next + jitter;
}

/**
 * The first due time when a schedule is taken up at `now`. What was never done is due at once; however many runs were
 * missed since `lastAt`, one makes up for them, within five minutes or its own period, whichever is shorter.
 */
export function firstDue(id: string, schedule: Schedule, lastAt: number | null, now: number): number | null {
  if (schedule === null) return null;
  if (lastAt === null) return now;
  const next = nextDue(id, schedule, Math.min(lastAt, now));
  if (next === null || next > now) return next;
  const period = 'everyMs' in schedule ? schedule.everyMs : (nextDue(id, schedule, now) ?? now + 1) - now;
  return now + (stableHash(`${id} catch up`) % Math.max(1, Math.min(CATCH_UP_MS, period)));
}
