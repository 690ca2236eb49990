import type { MonitorSpec, MonitorState } from '../core/monitor.ts';

/** At this share of what was looked at lately we ask first whether it is us. */
export const TRIP_SHARE = 0.5;
/** So many at least make one incident of it; fewer are told one by one. */
export const TRIP_LEAST = 5;
/** It is over when no more than this share of those concerned fails. */
export const CALM_SHARE = 0.25;
/** What began to fail within this time fails together, ms; for slow monitors `downAfter` of their periods. */
export const TRIP_WINDOW_MS = 60_000;
/** After a self-check that found nothing wrong, the next one waits, ms. */
const TRUST_MS = 30_000;
/** How often we look again at ourselves while blind, and during a mass failure, ms. */
const BLIND_RECHECK_MS = 5_000;
const MASS_RECHECK_MS = 60_000;

/** What a look at ourselves found. `unsure` = there is nothing of ours that we could ask. */
export type SelfVerdict =
  | { kind: 'fine' }
  | { kind: 'unsure'; reason: string }
  | { kind: 'broken'; reason: string; loopbackToo: boolean };

export type Mode =
  | { kind: 'calm'; trustedUntil: number }
  /** Looks wait until the verdict is there. */
  | { kind: 'checking'; since: number; failing: string[]; was: 'calm' | 'mass' }
  /** Our own trouble: looks without an answer say nothing. */
  | { kind: 'blind'; since: number; reason: string; loopbackToo: boolean; askAt: number }
  /** One incident stands for all of `members`. */
  | { kind: 'mass'; since: number; members: string[]; note: string | null; askAt: number };

export interface Tally {
  /** Looked at lately and not known to be down for longer. */
  watched: number;
  /** Ids of those among them that began to fail lately and still do. */
  failing: string[];
}

type Watched = { spec: Pick<MonitorSpec, 'id' | 'everyMs' | 'downAfter'>; state: MonitorState };

/** Counts what fails together. What has been down for longer is no news and counts on neither side. */
export function tally(all: Iterable<Watched>, now: number): Tally {
  const found: Tally = { watched: 0, failing: [] };
  for (const { spec, state } of all) {
    const from = now - Math.max(TRIP_WINDOW_MS, spec.everyMs * (spec.downAfter + 1));
    if (state.lastBeatAt === null || state.lastBeatAt < from || state.streak === null) continue;
    if (state.streak.state === 'down') {
      if (state.streak.since < from) continue;
      found.failing.push(spec.id);
    }
    found.watched += 1;
  }
  return found;
}

export const trips = ({ watched, failing }: Tally): boolean =>
  failing.length > 0 && failing.length >= TRIP_SHARE * watched;

/** What a count of the failing makes of the mode. `down` says of the members of a mass failure which still fail. */
export function afterTally(mode: Mode, counted: Tally, failing: ReadonlySet<string>, now: number): Mode {
  if (mode.kind === 'calm') {
    // A larger failure than the one that was judged fine is asked about at once.
    const due = now >= mode.trustedUntil || now < mode.trustedUntil - TRUST_MS || counted.failing.length >= TRIP_LEAST;
    return due && trips(counted) ? { kind: 'checking', since: now, failing: counted.failing, was: 'calm' } : mode;
  }
  if (mode.kind !== 'mass') return mode;
  const still = mode.members.filter((id) => failing.has(id));
  if (still.length <= CALM_SHARE * mode.members.length) return { kind: 'calm', trustedUntil: now + TRUST_MS };
  return mode;
}

/** What a look at ourselves makes of the mode. Being unsure is no excuse for what does not answer. */
export function afterVerdict(mode: Mode, verdict: SelfVerdict, now: number): Mode {
  if (mode.kind === 'calm') return mode;
  if (verdict.kind === 'broken') {
    const since = mode.kind === 'blind' ? mode.since : now;
    const { reason, loopbackToo } = verdict;
    return { kind: 'blind', since, reason, loopbackToo, askAt: now + BLIND_RECHECK_MS };
  }
  if (mode.kind === 'blind') {
    if (verdict.kind === 'unsure') return { ...mode, askAt: now + BLIND_RECHECK_MS };
    return { kind: 'calm', trustedUntil: now };
  }
  if (mode.kind === 'mass') return { ...mode, askAt: now + MASS_RECHECK_MS };
  if (mode.failing.length < TRIP_LEAST) return { kind: 'calm', trustedUntil: now + TRUST_MS };
  const note = verdict.kind === 'unsure' ? verdict.reason : null;
  return { kind: 'mass', since: now, members: mode.failing, note, askAt: now + MASS_RECHECK_MS };
}
