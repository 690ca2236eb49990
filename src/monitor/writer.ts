import type { Beat, MonitorState } from '../core/monitor.ts';
import type { Signal } from '../core/signal.ts';
import type { Repositories } from '../store/repositories/index.ts';
import type { MonitorChange } from '../store/repositories/monitors.ts';
import type { Store, Tx } from '../store/store.ts';

export interface WriterParts {
  store: Store;
  repositories: Repositories;
  /** Takes signals in, inside the transaction that stores the beats they come from. */
  applySignals(q: Tx, signals: readonly Signal[]): Promise<unknown>;
  /** After a commit with signals: the outbox may owe something. */
  onSignals?(): void;
  /** The store failed; the batch is kept and tried again. */
  onTrouble?(thrown: unknown): void;
  flushMs: number;
}

interface Batch {
  beats: Beat[];
  states: Map<string, MonitorState>;
  changes: MonitorChange[];
  signals: Signal[];
}

export interface Writer {
  beat(beat: Beat, state: MonitorState): void;
  /** A state that changed without a look. */
  state(state: MonitorState): void;
  /** A change goes to the store at once, with everything that waits. */
  change(change: MonitorChange | null, signal: Signal | null): void;
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** While the store fails, at most so many beats wait; the oldest go first. Changes and signals are always kept. */
const BEATS_MAX = 100_000;

const emptyBatch = (): Batch => ({ beats: [], states: new Map(), changes: [], signals: [] });

/** Collects beats and writes them in batches: one transaction for many looks, and for what the incidents hear of them. */
export function startWriter(parts: WriterParts): Writer {
  const { store, repositories } = parts;
  let batch = emptyBatch();
  let writing: Promise<void> = Promise.resolve();
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function write(): Promise<void> {
    const taken = batch;
    if (taken.beats.length === 0 && taken.states.size === 0 && taken.signals.length === 0) return;
    batch = emptyBatch();
    try {
      await store.write(async (q) => {
        const { beats, changes } = taken;
        await repositories.monitors.append(q, { beats, changes, states: [...taken.states.values()] });
        if (taken.signals.length > 0) await parts.applySignals(q, taken.signals);
      });
      failures = 0;
      if (taken.signals.length > 0) parts.onSignals?.();
    } catch (thrown) {
      failures += 1;
      batch = {
        beats: [...taken.beats, ...batch.beats].slice(-BEATS_MAX),
        states: new Map([...taken.states, ...batch.states]),
        changes: [...taken.changes, ...batch.changes],
        signals: [...taken.signals, ...batch.signals],
      };
      parts.onTrouble?.(thrown);
    }
  }

  const flush = (): Promise<void> => {
    writing = writing.then(write);
    return writing;
  };

  function schedule(waitMs: number): void {
    clearTimeout(timer);
    if (stopped) return;
    timer = setTimeout(() => {
      void flush().then(() =>
        schedule(failures === 0 ? parts.flushMs : Math.min(30_000, parts.flushMs * 2 ** failures)),
      );
    }, waitMs);
  }
  schedule(parts.flushMs);

  return {
    beat(beat, state) {
      batch.beats.push(beat);
      batch.states.set(state.monitorId, state);
    },
    state(state) {
      batch.states.set(state.monitorId, state);
    },
    change(change, signal) {
      if (change) batch.changes.push(change);
      if (signal) batch.signals.push(signal);
      if (failures === 0) schedule(0);
    },
    flush,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await flush();
    },
  };
}
