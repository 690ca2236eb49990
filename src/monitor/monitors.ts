import { performance } from 'node:perf_hooks';
import type { Beat, HeartbeatSpec, MonitorSpec, MonitorState } from '../core/monitor.ts';
import type { Signal } from '../core/signal.ts';
import type { SelfVerdict } from './breaker.ts';
import { startHeartbeats } from './heartbeats.ts';
import { startLagMeter } from './lag.ts';
import { startLoop } from './loop.ts';
import { startObserver } from './observer.ts';
import { makeResolver } from './resolve.ts';
import { selfCheck } from './self-check.ts';
import { newState, type StateChange } from './step.ts';
import { startWriter, type WriterParts } from './writer.ts';

export interface MonitorsParts extends Omit<WriterParts, 'flushMs'> {
  monitors: readonly MonitorSpec[];
  heartbeats: readonly HeartbeatSpec[];
  /** Epoch ms. */
  now(): number;
  /** Told of every look, for metrics and live updates. */
  onBeat?(spec: MonitorSpec, beat: Beat, state: MonitorState): void;
  /** Looks at ourselves when much fails at once; by the default gateway where not given. */
  selfCheck?(): Promise<SelfVerdict>;
  concurrency?: number;
  perHost?: number;
  flushMs?: number;
}

/** What a job reported about itself. */
export interface Reported {
  id: string;
  kind: 'success' | 'start' | 'fail' | 'log';
  exitCode: number | null;
  body: string | null;
  remote: string | null;
}

export interface Monitors {
  /** A new configuration: what stayed the same keeps its rhythm and its state. */
  reload(monitors: readonly MonitorSpec[], heartbeats: readonly HeartbeatSpec[]): Promise<void>;
  /** Takes a ping; false where there is no heartbeat of that id. When it has resolved, the ping is safe. */
  ping(reported: Reported): Promise<boolean>;
  stats(): { monitors: number; flying: number; waiting: number; skipped: number };
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** Watches everything that is configured, from where the store says that it stood. */
export async function startMonitors(parts: MonitorsParts): Promise<Monitors> {
  const { now, repositories } = parts;
  const clock = (): number => performance.now();
  const states = await repositories.monitors.states();
  const writer = startWriter({ ...parts, flushMs: parts.flushMs ?? 2_000 });
  const lag = startLagMeter(clock);

  const store = (monitorId: string, changes: readonly StateChange[], signal: Signal | null): void => {
    for (const { from: fromState, to: toState, at, reason } of changes) {
      writer.change({ monitorId, at, fromState, toState, reason }, null);
    }
    if (signal) writer.change(null, signal);
  };
  const open = await repositories.incidents.unresolved();
  const observer = startObserver(
    {
      now,
      ask: parts.selfCheck ?? (() => selfCheck([])),
      states,
      fresh: (spec, at) => newState(spec.id, at),
      judged(spec, beat, { state, changes }, signal) {
        writer.beat(beat, state);
        store(spec.id, changes, signal);
        parts.onBeat?.(spec, beat, state);
      },
      changed(state, { changes }, signal) {
        writer.state(state);
        store(state.monitorId, changes, signal);
      },
      say: (signal) => writer.change(null, signal),
    },
    new Map(open.filter((one) => one.source === 'self').map((one) => [one.key, one.causes])),
  );

  const loop = startLoop({
    now,
    clock,
    resolve: makeResolver(clock),
    lagSince: lag.since,
    onBeat: observer.look,
    concurrency: parts.concurrency ?? 512,
    perHost: parts.perHost ?? 16,
  });
  /** What is not watched any more can never recover: its incident ends with the configuration that knew it. */
  async function closeOrphans(known: ReadonlySet<string>): Promise<void> {
    const signals = (await repositories.incidents.unresolved())
      .filter((one) => /^(?:monitor|heartbeat):/.test(one.key) && !known.has(one.key))
      .map(({ key, severity, title, labels, source }): Signal => {
        return { key, kind: 'close', at: now(), severity, title, labels, source, text: 'it is not watched any more' };
      });
    if (signals.length === 0) return;
    await parts.store.write((q) => parts.applySignals(q, signals));
    parts.onSignals?.();
  }

  async function set(monitors: readonly MonitorSpec[], beats: readonly HeartbeatSpec[]): Promise<void> {
    observer.set(monitors);
    loop.set(monitors);
    await heartbeats.set(beats);
    const keys = [...monitors.map(({ id }) => `monitor:${id}`), ...beats.map(({ id }) => `heartbeat:${id}`)];
    await closeOrphans(new Set(keys));
  }

  const heartbeats = startHeartbeats({ ...parts, states });
  await set(parts.monitors, parts.heartbeats);

  return {
    reload: set,
    ping: heartbeats.ping,
    stats: loop.stats,
    flush: writer.flush,
    async stop() {
      await loop.stop();
      await observer.stop();
      await heartbeats.stop();
      lag.stop();
      await writer.stop();
    },
  };
}
