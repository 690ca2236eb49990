import type { Beat, BeatState, MonitorState } from '../core/monitor.ts';

/** How many equal looks in a row make a state. */
export interface StepRule {
  downAfter: number;
  upAfter: number;
}

/** A confirmed change of state. `at` is when the first look of the streak was due. */
export interface StateChange {
  from: BeatState;
  to: 'up' | 'down';
  at: number;
  reason: string | null;
}

export interface Stepped {
  state: MonitorState;
  change: StateChange | null;
  /** What the incidents have to hear: it went down, or its recovery can be believed. */
  signal: 'open' | 'close' | null;
}

const HOUR_MS = 3_600_000;
/** So many outages within an hour are flapping. */
const FLAPPING_AFTER = 3;
const HOLD_MS = 300_000;
const HOLD_MAX_MS = HOUR_MS;
const CHANGES_KEPT = 32;

/** A monitor of which nothing is known yet. */
export function newState(monitorId: string, now: number): MonitorState {
  return {
    monitorId,
    state: 'unknown',
    since: now,
    streak: null,
    changes: [],
    flappingUntil: null,
    lastBeatAt: null,
    lastReason: null,
  };
}

/**
 * Folds one look into the state. An `unknown` look is no evidence: it neither ends a streak nor adds to it. The first
 * good look of a new monitor makes it up at once; being down always takes `downAfter`.
 *
 * Flapping: from the third outage within an hour on, a recovery has to last before it closes the incident: 5 minutes,
 * twice as long with every further outage, an hour at most. The state itself (and so uptime) follows the looks.
 */
export function step(
  before: MonitorState,
  beat: Pick<Beat, 'state' | 'scheduledAt' | 'reason'>,
  rule: StepRule,
): Stepped {
  const at = beat.scheduledAt;
  const seen: MonitorState = { ...before, lastBeatAt: at, lastReason: beat.reason };
  if (beat.state === 'unknown') return { state: seen, change: null, signal: null };
  const streak =
    before.streak?.state === beat.state
      ? { ...before.streak, count: before.streak.count + 1 }
      : { state: beat.state, count: 1, since: at };
  const needed = beat.state === 'down' ? rule.downAfter : before.state === 'unknown' ? 1 : rule.upAfter;
  if (before.state === beat.state || streak.count < needed) return believe({ ...seen, streak }, at);
  const change: StateChange = { from: before.state, to: beat.state, at: streak.since, reason: beat.reason };
  const state: MonitorState = { ...seen, streak, state: beat.state, since: streak.since };
  if (beat.state === 'down') {
    const changes = [...before.changes.filter((one) => one > at - HOUR_MS), at].slice(-CHANGES_KEPT);
    return { state: { ...state, changes, flappingUntil: null }, change, signal: 'open' };
  }
  const hold = before.state === 'down' ? holdMs(before.changes, at) : 0;
  if (hold > 0) return { state: { ...state, flappingUntil: at + hold }, change, signal: null };
  return { state: { ...state, flappingUntil: null }, change, signal: 'close' };
}

/** How long a recovery has to last, from the instants of the outages before it. */
function holdMs(outages: readonly number[], at: number): number {
  const lately = outages.filter((one) => one > at - HOUR_MS).length;
  return lately < FLAPPING_AFTER ? 0 : Math.min(HOLD_MAX_MS, HOLD_MS * 2 ** (lately - FLAPPING_AFTER));
}

/** Ends the hold of a recovery that has lasted, unless the newest look speaks against it. */
function believe(state: MonitorState, at: number): Stepped {
  const lasts = state.state === 'up' && state.streak?.state === 'up';
  if (state.flappingUntil === null || !lasts || at < state.flappingUntil) {
    return { state, change: null, signal: null };
  }
  return { state: { ...state, flappingUntil: null }, change: null, signal: 'close' };
}
