import { setMaxListeners } from 'node:events';
import type { Beat, MonitorSpec } from '../core/monitor.ts';
import { type BeatParts, takeBeat } from './beat.ts';
import { DueHeap, nextDue } from './due.ts';
import { makePace } from './pace.ts';

export interface LoopParts extends BeatParts {
  /** Takes every look, in the order in which they ended. */
  onBeat(spec: MonitorSpec, beat: Beat): void;
  /** Looks at once, over all hosts and to one host. */
  concurrency: number;
  perHost: number;
}

export interface Loop {
  /** Replaces the monitors; those that are the same keep their rhythm. */
  set(monitors: readonly MonitorSpec[]): void;
  stats(): { monitors: number; flying: number; waiting: number; skipped: number };
  stop(): Promise<void>;
}

/** A wall clock that moved against the monotonic one by more than this was set; then everything is armed anew. */
const CLOCK_STEP_MS = 2_000;
const TICK_MAX_MS = 1_000;
/** While looks wait in line, for a place or for the pace. */
const TICK_BUSY_MS = 20;

interface Watch {
  spec: MonitorSpec;
  host: string;
  flying: boolean;
  gone: boolean;
}

/**
 * Looks at every monitor at its own phase of its period. A look that is still running when the next is due is not run
 * twice: that one is skipped and counted. Looks that find no free place wait in line, and how late they start is kept
 * with the beat.
 */
export function startLoop(parts: LoopParts): Loop {
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal); // one per look on its way
  const flights = new Set<Promise<void>>();
  const perHost = new Map<string, number>();
  let watches = new Map<string, Watch>();
  let heap = new DueHeap<Watch>();
  /** Due and not started; those whose host is full keep their place. */
  let line: { watch: Watch; at: number }[] = [];
  let skipped = 0;
  let timer: NodeJS.Timeout | undefined;
  let offset = parts.now() - parts.clock();
  /** Instants come again when the clock is set back; beats of then and now must not have the same. */
  let nudgeMs = 0;
  const pace = makePace(parts.clock);
  /** The wall clock as it was last found in order: between two ticks only the monotonic clock moves it. */
  const now = (): number => Math.round(parts.clock() + offset);
  const beatParts: BeatParts = { ...parts, now, wall: parts.now };

  const arm = (watch: Watch, from: number): void =>
    heap.push({ item: watch, at: nextDue(watch.spec.id, watch.spec.everyMs, from) + nudgeMs });

  function set(monitors: readonly MonitorSpec[]): void {
    const next = new Map<string, Watch>();
    for (const spec of monitors) {
      const known = watches.get(spec.id);
      if (known && JSON.stringify(known.spec) === JSON.stringify(spec)) next.set(spec.id, known);
      else next.set(spec.id, { spec, host: hostOf(spec), flying: false, gone: false });
    }
    for (const [id, watch] of watches) if (next.get(id) !== watch) watch.gone = true;
    const from = now();
    for (const [id, watch] of next) if (watches.get(id) !== watch) arm(watch, from);
    watches = next;
    pace.set(monitors.reduce((sum, { everyMs }) => sum + 1_000 / everyMs, 0));
    tick();
  }

  function rearm(): void {
    heap = new DueHeap();
    for (const { watch } of line) watch.flying = false;
    line = [];
    const from = now();
    for (const watch of watches.values()) arm(watch, from);
  }

  function tick(): void {
    if (stopping.signal.aborted) return;
    const moved = parts.now() - parts.clock() - offset;
    offset += moved;
    if (moved < -CLOCK_STEP_MS) nudgeMs = (nudgeMs + 1) % 1_000;
    if (Math.abs(moved) > CLOCK_STEP_MS) rearm();
    const reached = now();
    for (let top = heap.peek(); top && top.at <= reached; top = heap.peek()) {
      heap.pop();
      const { item: watch, at } = top;
      if (watch.gone) continue;
      // After a pause of ours what was missed is not made up for.
      const missed = Math.floor((reached - at) / watch.spec.everyMs);
      skipped += missed;
      if (watch.flying) skipped += 1;
      else {
        watch.flying = true;
        line.push({ watch, at: at + missed * watch.spec.everyMs });
      }
      heap.push({ item: watch, at: at + (missed + 1) * watch.spec.everyMs });
    }
    startWaiting();
    clearTimeout(timer);
    const wait = Math.min(
      line.length > 0 ? TICK_BUSY_MS : TICK_MAX_MS,
      Math.max(1, (heap.peek()?.at ?? Number.POSITIVE_INFINITY) - now()),
    );
    timer = setTimeout(tick, wait);
  }

  function startWaiting(): void {
    if (line.length === 0 || flights.size >= parts.concurrency) return;
    const left: typeof line = [];
    for (const entry of line) {
      const { watch } = entry;
      const busy = perHost.get(watch.host) ?? 0;
      if (watch.gone) continue;
      if (flights.size >= parts.concurrency || busy >= parts.perHost || !pace.take()) {
        left.push(entry);
        continue;
      }
      perHost.set(watch.host, busy + 1);
      const flight = fly(watch, entry.at).finally(() => {
        flights.delete(flight);
        startWaiting();
      });
      flights.add(flight);
    }
    line = left;
  }

  async function fly(watch: Watch, at: number): Promise<void> {
    const beat = await takeBeat(watch.spec, at, beatParts, stopping.signal);
    watch.flying = false;
    const busy = (perHost.get(watch.host) ?? 1) - 1;
    if (busy > 0) perHost.set(watch.host, busy);
    else perHost.delete(watch.host);
    // A look that we broke off ourselves while stopping says nothing at all.
    if (!watch.gone && !stopping.signal.aborted) parts.onBeat(watch.spec, beat);
  }

  tick();
  return {
    set,
    stats: () => ({ monitors: watches.size, flying: flights.size, waiting: line.length, skipped }),
    async stop() {
      stopping.abort(new Error('we were stopping'));
      clearTimeout(timer);
      line = [];
      await Promise.all(flights);
    },
  };
}

/** What shares the bound on looks at once. */
function hostOf({ look }: MonitorSpec): string {
  if ('url' in look) return new URL(look.url).host;
  if (look.kind === 'dns') return `dns:${look.server ?? ''}`;
  return 'port' in look ? `${look.host}:${look.port}` : look.host;
}
