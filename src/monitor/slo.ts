import type { BeatRollup, Slo } from '../core/monitor.ts';
import type { Span, Uptime } from './uptime.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** One line of the table: this share of the budget gone within `longMs` alerts, while `shortMs` says that it goes on. */
export interface BurnTier {
  share: number;
  longMs: number;
  shortMs: number;
  severity: 'high' | 'medium';
}

/**
 * The Site Reliability Workbook, chapter 5, table 5-8: 2 % in an hour and 5 % in six page, 10 % in a day or in three is a
 * ticket. Over 30 days the factors are 14.4, 6, 3 and 1. The short window is a twelfth of the long one.
 */
export const BURN_TABLE: readonly BurnTier[] = [
  { share: 0.02, longMs: HOUR, shortMs: 5 * MINUTE, severity: 'high' },
  { share: 0.05, longMs: 6 * HOUR, shortMs: 30 * MINUTE, severity: 'high' },
  { share: 0.1, longMs: DAY, shortMs: 2 * HOUR, severity: 'medium' },
  { share: 0.1, longMs: 3 * DAY, shortMs: 6 * HOUR, severity: 'medium' },
];
/** Shares for a short period, in which 2 % of the budget would be seconds. */
const SHORT_SHARES = [0.08, 0.125, 0.2, 0.42] as const;
const SHORT_PERIOD_MS = 14 * DAY;

/** One failed look is no trend, however large its share of few looks is. */
export const BAD_LEAST = 3;
/** With less of a window seen than this nothing can be said about it. */
const SEEN_LEAST = 0.5;

/** How many times faster than sustainable the budget goes at which `share` of it is gone within `longMs`. */
export const burnFactor = (share: number, periodMs: number, longMs: number): number => (share * periodMs) / longMs;

export function tiersFor(periodMs: number): (BurnTier & { factor: number })[] {
  return BURN_TABLE.map((tier, index) => {
    const share = periodMs <= SHORT_PERIOD_MS ? (SHORT_SHARES[index] ?? tier.share) : tier.share;
    return { ...tier, share, factor: burnFactor(share, periodMs, tier.longMs) };
  });
}

export interface Burn {
  /** Looks that found it down, and all that found anything. */
  bad: number;
  total: number;
  /** 1 = the budget lasts exactly the period; `null` where too little was seen. */
  rate: number | null;
}

/** Where an objective stands. `frozen`: it cannot be measured, so an alert neither opens nor closes. */
export interface SloState {
  state: 'burning' | 'calm' | 'frozen';
  /** The worst tier that burns. */
  worst: (BurnTier & { factor: number; long: Burn; short: Burn }) | null;
  tiers: { longMs: number; shortMs: number; factor: number; long: Burn; short: Burn }[];
}

/** How fast the budget goes within `[now - lengthMs, now)`; minutes that touch maintenance are left out. */
export function burnOver(
  minutes: readonly Pick<BeatRollup, 'from' | 'widthMs' | 'up' | 'down' | 'unknown'>[],
  lengthMs: number,
  now: number,
  objective: number,
  maintenance: readonly Span[] = [],
): Burn {
  let up = 0;
  let bad = 0;
  let blind = 0;
  for (const row of minutes) {
    const to = row.from + row.widthMs;
    if (to <= now - lengthMs || row.from >= now) continue;
    if (maintenance.some((one) => one.from < to && one.to > row.from)) continue;
    up += row.up;
    bad += row.down;
    blind += row.unknown;
  }
  const total = up + bad;
  const measurable = total > 0 && total >= SEEN_LEAST * (total + blind);
  return { bad, total, rate: measurable ? bad / total / (1 - objective) : null };
}

/** Judges an objective by all tiers: both windows have to exceed the factor, the long one with enough bad looks. */
export function judgeSlo(
  slo: Slo,
  minutes: readonly Pick<BeatRollup, 'from' | 'widthMs' | 'up' | 'down' | 'unknown'>[],
  now: number,
  maintenance: readonly Span[] = [],
): SloState {
  const over = (lengthMs: number) => burnOver(minutes, lengthMs, now, slo.objective, maintenance);
  const tiers = tiersFor(slo.windowMs).map((tier) => ({ ...tier, long: over(tier.longMs), short: over(tier.shortMs) }));
  const worst = tiers.find(
    ({ factor, long, short }) => long.bad >= BAD_LEAST && (long.rate ?? 0) > factor && (short.rate ?? 0) > factor,
  );
  const blind = tiers.some(({ long, short }) => long.rate === null || short.rate === null);
  return { state: worst ? 'burning' : blind ? 'frozen' : 'calm', worst: worst ?? null, tiers };
}

/** The rows of several monitors as of one: of each minute the worst, so that two at once lose it once. */
export function worstMinutes(all: readonly (readonly BeatRollup[])[]): BeatRollup[] {
  const worst = new Map<number, BeatRollup>();
  const badness = ({ up, down }: BeatRollup): number => (up + down === 0 ? -1 : down / (up + down));
  for (const row of all.flat()) {
    const known = worst.get(row.from);
    if (!known || badness(row) > badness(known)) worst.set(row.from, row);
  }
  return [...worst.values()].sort((a, b) => a.from - b.from);
}

/** What is left of the error budget: 1 = all, below 0 = overspent; `null` where nothing was seen. Of a young monitor, of its own time. */
export function budgetLeft(slo: Slo, { upMs, downMs }: Pick<Uptime, 'upMs' | 'downMs'>): number | null {
  const seen = upMs + downMs;
  return seen === 0 ? null : 1 - downMs / ((1 - slo.objective) * seen);
}
