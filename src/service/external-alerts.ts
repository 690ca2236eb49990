import type { ExternalPort } from '../api/ports.ts';
import { HOLDS_MS, signalOf, silent } from '../incidents/external.ts';
import type { ServiceCore } from './core.ts';

/** Signals of one transaction: a storm must not keep everybody else out of the store. */
const BATCH = 2_500;
const LOOK_MS = 15_000;

/** Alerts that others post, and the end of those that they stop mentioning. */
export interface ExternalAlerts extends ExternalPort {
  stop(): void;
}

/**
 * When an alert ends unless it is said again is held in memory only: after a restart every open one gets the usual time anew,
 * so that a restart ends nothing by itself.
 */
export function startExternalAlerts(
  { db, store, alerts, now }: ServiceCore,
  onTrouble: (thrown: unknown) => void,
): ExternalAlerts {
  const until = new Map<string, number>();
  let busy: Promise<void> = Promise.resolve();

  async function endSilent(): Promise<void> {
    const at = now();
    const open = (await db.incidents.unresolved()).filter(({ source }) => source === 'external');
    const keys = new Set(open.map(({ key }) => key));
    for (const key of until.keys()) if (!keys.has(key)) until.delete(key);
    for (const key of keys) if (!until.has(key)) until.set(key, at + HOLDS_MS);
    const over = open.filter(({ key }) => (until.get(key) ?? at) <= at).map(({ key, title }) => silent(key, title, at));
    if (over.length > 0) alerts.settled(await store.write((q) => alerts.apply(q, over, at)));
  }

  const timer = setInterval(() => {
    busy = busy.then(endSilent).catch(onTrouble);
  }, LOOK_MS);
  timer.unref();
  return {
    async take(given) {
      const at = now();
      for (let start = 0; start < given.length; start += BATCH) {
        const part = given.slice(start, start + BATCH).map((alert) => signalOf(alert, at));
        for (const { signal, until: end } of part) {
          if (signal.kind === 'open') until.set(signal.key, Math.max(end, at));
          else until.delete(signal.key);
        }
        const signals = part.map(({ signal }) => signal);
        alerts.settled(await store.write((q) => alerts.apply(q, signals, at)));
      }
    },
    stop: () => clearInterval(timer),
  };
}
