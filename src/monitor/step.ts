import type { Beat, BeatState, MonitorState } from '../core/monitor.ts';

/** How many equal looks in a row make a state. */
export interface StepRule {
  downAfter: number;
  upAfter: number;
  /** Longer than this between two looks, and nobody knows how it stood meanwhile, ms. Not judged where not given. */
  gapMs?: number;
}

/** A change of state. `at` is when the first look of the streak was due; to `unknown`, when sight was lost. */
export interface StateChange {
  from: BeatState;
  to: BeatState;
  at: number;
  reason: string | null;
}

export interface Stepped {
  state: MonitorState;
  /** In the order in which they happened; a later one is always later by the clock. */
  changes: StateChange[];
  /** What the incidents have to hear: it went down, or its recovery can be believed. */
  signal: 'open' | 'close' | null;
}

const HOUR_MS = 3_600_000;
/** So many outages within an hour are flapping. */
const FLAPPING_AFTER = 3;
const HOLD_MS = 300_000;
const HOLD_MAX_MS = HOUR_MS;
const CHANGES_KEPT = 32;
const GAP_LEAST_MS = 60_000;

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

/** How long a monitor may go without a look before its state counts as unknown: three periods, a minute at least. */
export function gapMs(spec: { everyMs: number; timeoutMs: number }): number {
  return Math.max(GAP_LEAST_MS, 3 * spec.everyMs, spec.everyMs + 2 * spec.timeoutMs);
}

/** The last that was known for sure; what the incidents go by. */
export function verdictOf(state: MonitorState): 'up' | 'down' | null {
  return state.verdict ?? (state.state === 'unknown' ? null : state.state);
}

/**
 * Folds one look into the state. An `unknown` look is no evidence: it neither ends a streak nor adds to it, and
 * `downAfter` of them in a row make the state unknown, as does a gap between two looks. Sight regained confirms the last
 * verdict with one look; a different verdict takes its usual number. The first good look of a new monitor makes it up at
 * once; being down always takes `downAfter`.
 *
 * Flapping: from the third outage within an hour on, a recovery has to last before it closes the incident: 5 minutes,
 * twice as long with every further outage, an hour at most. The state itself (and so uptime) follows the looks.
 */
export function step(
  given: MonitorState,
  beat: Pick<Beat, 'state' | 'scheduledAt' | 'reason'>,
  rule: StepRule,
): Stepped {
  const at = beat.scheduledAt;
  const changes: StateChange[] = [];
  const before = sinceGap(given, at, rule.gapMs, changes);
  const seen: MonitorState = { ...before, lastBeatAt: at, lastReason: beat.reason };
  if (beat.state === 'unknown') return { state: blinder(seen, at, rule.downAfter, changes), changes, signal: null };
  const streak =
    before.streak?.state === beat.state
      ? { ...before.streak, count: before.streak.count + 1 }
      : { state: beat.state, count: 1, since: at };
  const verdict = verdictOf(before);
  const sightedAt = before.state === 'unknown' ? (before.sightedAt ?? at) : null;
  const sighted: MonitorState = { ...seen, streak, blind: null, sightedAt };
  const needed = beat.state === 'down' ? rule.downAfter : verdict === null ? 1 : rule.upAfter;
  if (verdict === beat.state && before.state === 'unknown') {
    const since = later(before, sightedAt ?? at);
    changes.push({ from: 'unknown', to: beat.state, at: since, reason: beat.reason });
    const { state, signal } = believe({ ...sighted, state: beat.state, verdict, since, sightedAt: null }, at);
    return { state, changes, signal };
  }
  if (before.state === beat.state || streak.count < needed) {
    const { state, signal } = believe(sighted, at);
    return { state, changes, signal };
  }
  const since = later(before, Math.max(streak.since, sightedAt ?? streak.since));
  changes.push({ from: before.state, to: beat.state, at: since, reason: beat.reason });
  const state: MonitorState = { ...sighted, state: beat.state, verdict: beat.state, since, sightedAt: null };
  if (beat.state === 'down') {
    const outages = [...lately(before.changes, at), at].slice(-CHANGES_KEPT);
    return { state: { ...state, changes: outages, flappingUntil: null }, changes, signal: 'open' };
  }
  const hold = verdict === 'down' ? holdMs(before.changes, at) : 0;
  if (hold > 0) return { state: { ...state, flappingUntil: at + hold }, changes, signal: null };
  return { state: { ...state, flappingUntil: null }, changes, signal: 'close' };
}

/**
 * Takes back what was concluded since `from`, because it turned out that we could not see: a streak is forgotten, and a
 * monitor that went down since then is unknown from now on, with the verdict that it had before.
 */
export function retract(before: MonitorState, from: number, now: number, reason: string): Stepped {
  const doubtful = before.streak?.state === 'down' && before.streak.since >= from;
  const state: MonitorState = doubtful ? { ...before, streak: null, lastReason: reason } : before;
  if (before.state !== 'down' || before.since < from) return { state, changes: [], signal: null };
  const since = later(before, now);
  return {
    state: { ...state, state: 'unknown', verdict: 'up', since, sightedAt: null, changes: before.changes.slice(0, -1) },
    changes: [{ from: 'down', to: 'unknown', at: since, reason }],
    signal: 'close',
  };
}

/** Changes are in order even when the clock is not: one that was set back makes a change right after the one before. */
function later(before: MonitorState, at: number): number {
  return verdictOf(before) === null ? at : Math.max(at, before.since + 1);
}

function sinceGap(state: MonitorState, at: number, gap: number | undefined, changes: StateChange[]): MonitorState {
  const last = state.lastBeatAt;
  if (gap === undefined || last === null || at - last <= gap) return state;
  if (state.state === 'unknown') return { ...state, streak: null, sightedAt: null };
  const reason = 'nobody looked';
  const since = later(state, last + 1);
  changes.push({ from: state.state, to: 'unknown', at: since, reason });
  return { ...state, verdict: state.state, state: 'unknown', since, streak: null, sightedAt: null };
}

function blinder(seen: MonitorState, at: number, needed: number, changes: StateChange[]): MonitorState {
  const blind = seen.blind ? { ...seen.blind, count: seen.blind.count + 1 } : { count: 1, since: at };
  if (seen.state === 'unknown') return { ...seen, blind, sightedAt: null };
  if (blind.count < needed) return { ...seen, blind };
  const since = later(seen, blind.since);
  changes.push({ from: seen.state, to: 'unknown', at: since, reason: seen.lastReason });
  return { ...seen, blind, verdict: seen.state, state: 'unknown', since, sightedAt: null };
}

export const lately = (outages: readonly number[], at: number) =>
  outages.filter((one) => one > at - HOUR_MS && one <= at);

/** How long a recovery has to last, from the instants of the outages before it. */
export function holdMs(outages: readonly number[], at: number): number {
  const count = lately(outages, at).length;
  return count < FLAPPING_AFTER ? 0 : Math.min(HOLD_MAX_MS, HOLD_MS * 2 ** (count - FLAPPING_AFTER));
}

/** Ends the hold of a recovery that has lasted, unless the newest look speaks against it. */
function believe(state: MonitorState, at: number): Pick<Stepped, 'state' | 'signal'> {
  const lasts = state.state === 'up' && state.streak?.state === 'up';
  const until = state.flappingUntil;
  // A hold that seems to last longer than any can is one of a clock that was set back since.
  if (until === null || !lasts || (at < until && until - at <= HOLD_MAX_MS)) return { state, signal: null };
  return { state: { ...state, flappingUntil: null }, signal: 'close' };
}
