import type { Clock } from '../audit/scheduler.ts';
import type { Config } from '../config/config.ts';
import type { Signal } from '../core/signal.ts';
import {
  type AlertPolicy,
  type Applied,
  acknowledge,
  applySignals,
  holdsNow,
  planNow,
  resolveByHand,
} from '../incidents/apply.ts';
import type { Hold } from '../incidents/plan.ts';
import type { Repositories } from '../store/repositories/index.ts';
import type { Store, Tx } from '../store/store.ts';

/** The one way in for signals, and the clock of what alerting has to do later. */
export interface Alerts {
  /** Inside the caller's transaction; hand the answer to `settled` when that has committed. */
  apply(q: Tx, signals: readonly Signal[], now: number): Promise<Applied>;
  /** Tells those who watch, wakes the delivery and notes when to look again. */
  settled(applied: Applied): void;
  acknowledge(id: string, by: string): Promise<boolean>;
  resolve(id: string, by: string): Promise<boolean>;
  /** Looks whether time alone made something due; also after a change of the configuration. */
  look(): Promise<void>;
  /** Who is not told now, and why. Changes nothing. */
  holds(): Promise<Hold[]>;
  stop(): void;
}

export interface AlertParts {
  store: Store;
  db: Repositories;
  clock: Clock;
  config(): Config;
  /** Ids of incidents that changed. */
  onChange(ids: readonly string[]): void;
  /** Something was written to the outbox. */
  onOwed(): void;
  onTrouble(thrown: unknown): void;
}

const AGAIN_AFTER_TROUBLE_MS = 30_000;

function policyOf(config: Config): AlertPolicy {
  return { alerting: config.alerting, dependsOn: new Map(config.services.map((one) => [one.id, one.dependsOn])) };
}

export function createAlerts(parts: AlertParts): Alerts {
  const { store, db, clock } = parts;
  let cancel = () => {};
  let wakeAt: number | null = null;
  let stopped = false;

  function later(at: number | null): void {
    if (stopped || at === null || (wakeAt !== null && wakeAt <= at)) return;
    cancel();
    wakeAt = at;
    cancel = clock.after(Math.min(Math.max(0, at - clock.now()), 2 ** 31 - 1), () => {
      wakeAt = null;
      void look();
    });
  }

  function settled(applied: Applied): void {
    const ids = [...new Set(applied.changes.map((change) => change.incident.id))];
    if (ids.length > 0) parts.onChange(ids);
    if (applied.owed > 0) parts.onOwed();
    later(applied.lookAgainAt);
  }

  async function look(): Promise<void> {
    if (stopped) return;
    try {
      settled(await store.write((q) => planNow(db, q, policyOf(parts.config()), clock.now())));
    } catch (error) {
      parts.onTrouble(error);
      later(clock.now() + AGAIN_AFTER_TROUBLE_MS);
    }
  }

  const byHand = async (id: string, by: string, change: typeof acknowledge): Promise<boolean> => {
    const done = await store.write((q) => change(db, q, id, by, policyOf(parts.config()), clock.now()));
    if (!done) return false;
    parts.onChange([id]);
    parts.onOwed();
    return true;
  };

  return {
    apply: (q, signals, now) => applySignals(db, q, signals, policyOf(parts.config()), now),
    settled,
    acknowledge: (id, by) => byHand(id, by, acknowledge),
    resolve: (id, by) => byHand(id, by, resolveByHand),
    look,
    holds: () => holdsNow(db, policyOf(parts.config()), clock.now()),
    stop() {
      stopped = true;
      cancel();
    },
  };
}
