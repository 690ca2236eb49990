import { Temporal } from 'temporal-polyfill';
import type { Maintenance, Matcher } from '../core/alerting.ts';
import { type CronLine, cronLine } from '../time/cron.ts';
import { matches } from './match.ts';
import { instantOf, windowsBetween } from './zone.ts';

/** A stretch of time that somebody announced at run time. Epoch ms. */
export interface TimedMatch {
  id: string;
  match: Matcher;
  startsAt: number;
  endsAt: number;
  /** What it is for, and who said so. */
  comment: string;
  by: string;
}

/** The first of `list` that covers these labels now, or the one of several that lasts longest. */
export function covering(
  list: readonly TimedMatch[],
  labels: Readonly<Record<string, string>>,
  now: number,
): TimedMatch | undefined {
  return list
    .filter((one) => one.startsAt <= now && now < one.endsAt && matches(one.match, labels))
    .sort((a, b) => b.endsAt - a.endsAt)[0];
}

/** When the maintenance window that holds now ends, epoch ms; `null` when none does. */
export function maintenanceEnd(window: Maintenance, now: number): number | null {
  const { when, timeZone } = window;
  if (when.type === 'once') {
    const from = instantOf(Temporal.PlainDateTime.from(when.from), timeZone);
    const to = instantOf(Temporal.PlainDateTime.from(when.to), timeZone);
    return from <= now && now < to ? to : null;
  }
  if (when.type === 'weekly') {
    return windowsBetween(when, timeZone, now, now + 1).at(-1)?.to ?? null;
  }
  const start = newestStart(cronLine(when.cron, timeZone), now, when.durationMs);
  return start === null ? null : start + when.durationMs;
}

/** All stretches of a maintenance window that touch `[from, to)`. */
export function maintenanceSpans(window: Maintenance, from: number, to: number): { from: number; to: number }[] {
  const { when, timeZone } = window;
  if (when.type === 'weekly') return windowsBetween(when, timeZone, from, to);
  if (when.type === 'once') {
    const span = {
      from: instantOf(Temporal.PlainDateTime.from(when.from), timeZone),
      to: instantOf(Temporal.PlainDateTime.from(when.to), timeZone),
    };
    return span.from < to && span.to > from ? [span] : [];
  }
  const spans: { from: number; to: number }[] = [];
  const line = cronLine(when.cron, timeZone);
  for (let at = line.next(from - when.durationMs - 1); at !== null && at < to; at = line.next(at)) {
    const last = spans.at(-1);
    if (last && at <= last.to) last.to = at + when.durationMs;
    else spans.push({ from: at, to: at + when.durationMs });
  }
  return spans.filter((span) => span.to > from);
}

/** The newest start in `(now - withinMs, now]`. Looked for in growing stretches: a line may come round every minute. */
function newestStart(line: CronLine, now: number, withinMs: number): number | null {
  for (let backMs = 60_000; ; backMs *= 4) {
    const reach = Math.min(backMs, withinMs);
    let newest: number | null = null;
    for (let at = line.next(now - reach); at !== null && at <= now; at = line.next(at)) newest = at;
    if (newest !== null || reach === withinMs) return newest;
  }
}
