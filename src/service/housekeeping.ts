import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../audit/scheduler.ts';
import type { Repositories } from '../store/repositories/index.ts';
import { chunks } from '../store/sql.ts';
import type { Store } from '../store/store.ts';

const DAY = 86_400_000;
const EVERY_MS = 3_600_000;
/** Monitors per transaction: a batch of beats waits no longer than one of them takes. */
const MONITORS_AT_ONCE = 50;

/** How long what is kept. Current state, confirmed changes of monitors and day sums of beats stay for ever. */
const KEEP = {
  facts: 90 * DAY,
  audits: 400 * DAY,
  goneFindings: 180 * DAY,
  incidents: 400 * DAY,
  messages: 90 * DAY,
  pings: 30 * DAY,
};

/** Forgets what is old, each kind in a transaction of its own so that no writer waits long. */
export async function tidy(store: Store, db: Repositories, now: number, heartbeats: readonly string[]): Promise<void> {
  await store.write((q) => db.sessions.prune(q, now));
  for (const ids of chunks([...(await db.monitors.states()).keys()], MONITORS_AT_ONCE)) {
    await store.write((q) => db.monitors.prune(q, now, ids));
    await turn(); // SQLite answers at once; beats and requests get their turn in between
  }
  for (const id of heartbeats) await store.write((q) => db.pings.prune(q, id, now - KEEP.pings));
  await store.write((q) => db.findings.prune(q, now - KEEP.goneFindings));
  await store.write((q) => db.outbox.prune(q, now - KEEP.messages));
  await store.write((q) => db.incidents.prune(q, now - KEEP.incidents));
  await store.write((q) => db.audits.prune(q, now - KEEP.audits));
  await store.write((q) => db.facts.forget(q, now - KEEP.facts));
  await store.write((q) => db.facts.sweep(q));
}

/** Tidies once an hour, the first time some minutes after the start. Answers how to stop it. */
export function startHousekeeping(
  clock: Clock,
  work: () => Promise<void>,
  onTrouble: (thrown: unknown) => void,
): () => void {
  let cancel = clock.after(EVERY_MS / 12, run);
  let stopped = false;
  function run(): void {
    work()
      .catch(onTrouble)
      .finally(() => {
        if (!stopped) cancel = clock.after(EVERY_MS, run);
      });
  }
  return () => {
    stopped = true;
    cancel();
  };
}
