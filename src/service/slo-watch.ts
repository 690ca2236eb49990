import type { Clock } from '../audit/scheduler.ts';
import { formatDuration } from '../core/duration.ts';
import type { Signal } from '../core/signal.ts';
import type { ServiceCore } from './core.ts';
import { objectives, type SloItem } from './uptime.ts';

const EVERY_MS = 60_000;
const KEY = 'slo:';

const percent = (share: number): string => `${Math.round(share * 100_000) / 1_000} %`;
const rateOf = (rate: number | null): string => (rate === null ? 'not measurable' : `${Math.round(rate * 10) / 10}`);

/** What the incidents hear of an objective: nothing while it cannot be measured. */
export function sloSignal(item: SloItem, now: number): Signal | null {
  const { slo, budgetLeft } = item;
  const { state, worst } = item.now;
  if (state === 'frozen') return null;
  const labels = { ...item.labels, category: 'uptime', check: 'uptime.error-budget' };
  const title = `${item.name} uses up its error budget (${percent(slo.objective)} over ${formatDuration(slo.windowMs)})`;
  const base = { key: `${KEY}${item.id}`, at: now, title, labels, source: 'slo' as const };
  if (!worst) return { ...base, kind: 'close', severity: 'high', text: 'the budget is used no faster than it may be' };
  const left = budgetLeft === null ? '' : ` ${percent(Math.max(0, budgetLeft))} of the budget is left.`;
  const { long, short, factor } = worst;
  const rounded = Math.round(factor * 100) / 100;
  const text =
    `Over ${formatDuration(worst.longMs)} ${rateOf(long.rate)} and over ${formatDuration(worst.shortMs)} ${rateOf(short.rate)} ` +
    `times the sustainable rate, above ${rounded} (${long.bad} of ${long.total} looks found it down).${left}`;
  return { ...base, kind: 'open', severity: worst.severity, text };
}

/** Judges all objectives every minute. An objective that is no longer configured ends its incident. */
export function startSloWatch(core: ServiceCore, clock: Clock, onTrouble: (thrown: unknown) => void) {
  const { db, store, alerts } = core;
  let stopped = false;
  let cancel = () => {};

  async function look(): Promise<void> {
    const now = core.now();
    const items = await objectives(core);
    const open = (await db.incidents.unresolved()).filter(({ key }) => key.startsWith(KEY));
    const keys = new Set(items.map(({ id }) => `${KEY}${id}`));
    const signals = items.flatMap((item) => sloSignal(item, now) ?? []);
    for (const { key, title, labels, severity } of open) {
      if (keys.has(key)) continue;
      const text = 'the objective is not configured any more';
      signals.push({ key, kind: 'close', at: now, severity, title, labels, source: 'slo', text });
    }
    const openKeys = new Set(open.map(({ key }) => key));
    const news = signals.filter(({ kind, key }) => kind === 'open' || openKeys.has(key));
    if (news.length > 0) alerts.settled(await store.write((q) => alerts.apply(q, news, now)));
  }

  function later(): void {
    if (stopped) return;
    cancel = clock.after(EVERY_MS, () => {
      look().catch(onTrouble).finally(later);
    });
  }
  later();
  return {
    look,
    stop() {
      stopped = true;
      cancel();
    },
  };
}
