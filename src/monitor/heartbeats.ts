import type { HeartbeatSpec, MonitorState } from '../core/monitor.ts';
import type { Signal } from '../core/signal.ts';
import { newId } from '../store/id.ts';
import type { Tx } from '../store/store.ts';
import { afterPing, afterSilence, heardOf, lateAt, verdictOf } from './heartbeat.ts';
import type { MonitorsParts, Reported } from './monitors.ts';
import { heartbeatSignal } from './signal.ts';
import { newState } from './step.ts';

type Parts = Pick<MonitorsParts, 'store' | 'repositories' | 'applySignals' | 'onSignals' | 'onTrouble' | 'now'> & {
  states: Map<string, MonitorState>;
};

/** Longest sleep: the wall clock may be set meanwhile. */
const SLEEP_MAX_MS = 15_000;
const BODY_MAX = 10_000;

/** Judges jobs that report by themselves: by their words and by their silence. */
export function startHeartbeats(parts: Parts) {
  const { store, repositories, states, now } = parts;
  let specs = new Map<string, HeartbeatSpec>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function save(q: Tx, spec: HeartbeatSpec, before: MonitorState, after: MonitorState): Promise<Signal | null> {
    const changed = before.state !== after.state;
    const { monitorId, since: at, lastReason: reason } = after;
    const changes = changed ? [{ monitorId, at, fromState: before.state, toState: after.state, reason }] : [];
    await repositories.monitors.append(q, { beats: [], states: [after], changes });
    const kind = heardOf(before, after);
    if (!kind) return null;
    const signal = heartbeatSignal(spec, kind, now(), reason);
    await parts.applySignals(q, [signal]);
    return signal;
  }

  async function ping(reported: Reported): Promise<boolean> {
    const spec = specs.get(reported.id);
    if (!spec) return false;
    const at = now();
    const before = states.get(spec.id) ?? newState(spec.id, at);
    const verdict = verdictOf(reported.kind, reported.exitCode);
    const { kind, exitCode, remote } = reported;
    const body = reported.body?.slice(0, BODY_MAX) ?? null;
    const failed = exitCode === null ? null : `the job ended with exit code ${exitCode}`;
    const after = verdict === 'none' ? before : afterPing(before, verdict, failed, at);
    const signal = await store.write(async (q) => {
      await repositories.pings.add(q, {
        id: newId(at),
        monitorId: spec.id,
        at,
        kind,
        exitCode,
        durationMs: null,
        body,
        remote,
      });
      return save(q, spec, before, after);
    });
    states.set(spec.id, after);
    if (signal) parts.onSignals?.();
    schedule();
    return true;
  }

  async function look(): Promise<void> {
    const at = now();
    for (const spec of specs.values()) {
      const before = states.get(spec.id);
      const after = before && afterSilence(spec, before, at);
      if (!before || !after) continue;
      const signal = await store.write((q) => save(q, spec, before, after));
      states.set(spec.id, after);
      if (signal) parts.onSignals?.();
    }
  }

  function schedule(): void {
    clearTimeout(timer);
    if (stopped) return;
    let next = now() + SLEEP_MAX_MS;
    for (const spec of specs.values()) {
      const state = states.get(spec.id);
      if (state && state.state !== 'down') next = Math.min(next, lateAt(spec, state) ?? next);
    }
    timer = setTimeout(
      () => {
        look()
          .catch((thrown: unknown) => parts.onTrouble?.(thrown))
          .finally(schedule);
      },
      Math.max(20, next - now()),
    );
  }

  async function set(list: readonly HeartbeatSpec[]): Promise<void> {
    specs = new Map(list.map((spec) => [spec.id, spec]));
    const fresh = list.filter((spec) => !states.has(spec.id)).map((spec) => newState(spec.id, now()));
    for (const state of fresh) states.set(state.monitorId, state);
    // From when a job is known has to survive a restart: its first lateness counts from there.
    if (fresh.length > 0) await store.write((q) => repositories.monitors.append(q, { beats: [], states: fresh }));
    schedule();
  }

  return {
    set,
    ping,
    async stop(): Promise<void> {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
