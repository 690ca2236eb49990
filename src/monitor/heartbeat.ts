import { formatDuration } from '../core/duration.ts';
import type { HeartbeatSpec, MonitorState } from '../core/monitor.ts';
import { cronLine } from '../time/cron.ts';
import { holdMs, lately } from './step.ts';

/** What a job said. `start` and `log` are kept and judge nothing; an exit code other than 0 is a failure. */
export type PingVerdict = 'success' | 'fail' | 'none';

export function verdictOf(kind: 'success' | 'start' | 'fail' | 'log', exitCode: number | null): PingVerdict {
  if (kind === 'fail') return 'fail';
  if (kind !== 'success') return 'none';
  return exitCode === null || exitCode === 0 ? 'success' : 'fail';
}

/**
 * When a heartbeat is late: the next time that it was due after its last success, and the grace. One that never
 * reported is judged from when it became known, so that a job that was declared and never ran is found too.
 */
export function lateAt(spec: HeartbeatSpec, state: Pick<MonitorState, 'lastBeatAt' | 'since'>): number | null {
  const last = state.lastBeatAt ?? state.since;
  if ('everyMs' in spec.schedule) return last + spec.schedule.everyMs + spec.graceMs;
  const { cron, timeZone } = spec.schedule;
  const next = cronLine(cron, timeZone).next(last);
  return next === null ? null : next + spec.graceMs;
}

/** Where it stands after a word from the job. A recovery while it flaps has to last, by the rule of `step`. */
export function afterPing(
  state: MonitorState,
  verdict: Exclude<PingVerdict, 'none'>,
  reason: string | null,
  now: number,
): MonitorState {
  if (verdict === 'fail') return gone(state, now, now, reason ?? 'the job reported a failure');
  const hold = state.state === 'down' ? holdMs(state.changes, now) : 0;
  return {
    ...state,
    state: 'up',
    since: state.state === 'up' ? state.since : now,
    lastBeatAt: now,
    lastReason: null,
    flappingUntil: state.state === 'up' ? state.flappingUntil : hold > 0 ? now + hold : null,
  };
}

/** A failure is a report, but no success to count from. */
function gone(state: MonitorState, since: number, now: number, lastReason: string): MonitorState {
  if (state.state === 'down') return { ...state, lastReason };
  return {
    ...state,
    state: 'down',
    since,
    lastReason,
    changes: [...lately(state.changes, now), now],
    flappingUntil: null,
  };
}

/** Where it stands by the clock alone: `null` while nothing changes. */
export function afterSilence(spec: HeartbeatSpec, state: MonitorState, now: number): MonitorState | null {
  if (state.state === 'down') return null;
  const late = lateAt(spec, state);
  if (late === null || now < late) {
    const lasted = state.flappingUntil !== null && now >= state.flappingUntil;
    return lasted ? { ...state, flappingUntil: null } : null;
  }
  const lastReason =
    state.lastBeatAt === null
      ? `it has not reported in the ${formatDuration(now - state.since)} since it is known`
      : `its last success was ${formatDuration(now - state.lastBeatAt)} ago`;
  return gone(state, late, now, lastReason);
}

/** What the incidents have to hear of a change: a recovery only once it has lasted. */
export function heardOf(before: MonitorState, after: MonitorState): 'open' | 'close' | null {
  if (after.state === 'down') return before.state === 'down' ? null : 'open';
  if (after.state !== 'up' || after.flappingUntil !== null) return null;
  return before.state !== 'up' || before.flappingUntil !== null ? 'close' : null;
}
