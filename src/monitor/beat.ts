import { formatDuration } from '../core/duration.ts';
import { reasonOf } from '../core/error.ts';
import type { Beat, MonitorSpec } from '../core/monitor.ts';
import { takeLook } from './looks/index.ts';
import { CannotLookError, type LookParts } from './looks/looked.ts';

/** Errors that say something about us, not about the target: no descriptors, no ports, no network, no resolver. */
const OURS: ReadonlySet<string> = new Set([
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'EADDRNOTAVAIL',
  'ENETDOWN',
  'ENETUNREACH',
  'EAI_AGAIN',
]);

/** Slowness says nothing about the target where our own event loop stood still for this long meanwhile, ms. */
const LAG_MAX_MS = 250;
/** Of a long wait, our own delay has to be this share before it is what made the answer miss. */
const LAG_MAX_SHARE = 0.1;

/** A wall clock that moved against the monotonic one by more than this was set. */
const CLOCK_STEP_MS = 2_000;

export interface BeatParts extends LookParts {
  /** Epoch ms as the system has it, where `now` is held steady between two ticks of the loop. */
  wall?(): number;
  /** Longest delay of the event loop since `clock()` showed `since`, ms. */
  lagSince(since: number): number;
}

/** One look at a target. Never rejects: what went wrong is the beat. */
export async function takeBeat(
  spec: MonitorSpec,
  scheduledAt: number,
  parts: BeatParts,
  stopped: AbortSignal,
): Promise<Beat> {
  const base = { monitorId: spec.id, scheduledAt, startedAt: parts.now() };
  const from = parts.clock();
  const wall = parts.wall ?? parts.now;
  const wallFrom = wall();
  // What is judged by the date (a certificate) is worth nothing where the date changed meanwhile.
  const clockWasSet = (): boolean => Math.abs(wall() - wallFrom - (parts.clock() - from)) > CLOCK_STEP_MS;
  // By the monotonic clock: the other one may be set meanwhile.
  const finishedAt = (): number => Math.round(base.startedAt + parts.clock() - from);
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new Error('deadline')), spec.timeoutMs);
  const onStop = (): void => deadline.abort(new Error('we were stopping'));
  stopped.addEventListener('abort', onStop, { once: true });
  try {
    const { failure, ...looked } = await takeLook(spec, parts, deadline.signal);
    const lag = failure?.startsWith('took ') ? parts.lagSince(from) : 0;
    const state = failure === null ? 'up' : lag > LAG_MAX_MS || clockWasSet() ? 'unknown' : 'down';
    return { ...base, finishedAt: finishedAt(), state, ...looked, reason: failure };
  } catch (thrown) {
    const timedOut = deadline.signal.aborted && !stopped.aborted;
    const lag = timedOut ? parts.lagSince(from) : 0;
    const slow = lag > Math.max(LAG_MAX_MS, spec.timeoutMs * LAG_MAX_SHARE);
    const ours = stopped.aborted || clockWasSet() || slow || isOurs(thrown);
    const late = slow ? `; we were ${formatDuration(lag)} late ourselves` : '';
    const reason = timedOut ? `no answer within ${formatDuration(spec.timeoutMs)}${late}` : reasonOf(thrown);
    const nothing = { latencyMs: null, timings: null, code: null };
    return { ...base, finishedAt: finishedAt(), state: ours ? 'unknown' : 'down', ...nothing, reason };
  } finally {
    clearTimeout(timer);
    stopped.removeEventListener('abort', onStop);
  }
}

function isOurs(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  if (thrown instanceof CannotLookError) return true;
  if ('code' in thrown && typeof thrown.code === 'string' && OURS.has(thrown.code)) return true;
  return thrown.cause !== undefined && isOurs(thrown.cause);
}
