import type { UptimeFacts } from '../core/facts/uptime.ts';
import type { Probe } from '../probes/probe.ts';
import { makeUptimeProbe } from '../probes/uptime.ts';
import type { ServiceCore } from './core.ts';
import { uptimes, watchedOf } from './uptime.ts';

const DAY = 86_400_000;
const PERIOD_MS = 30 * DAY;
/** A look a second for a day. */
const BEATS_MAX = 86_400;

function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

/** What the monitor of a target saw, as a fact for its audit. */
export async function uptimeFactsOf(
  core: Pick<ServiceCore, 'db' | 'config' | 'now'>,
  targetId: string,
): Promise<UptimeFacts | null> {
  const monitor = watchedOf(core).find((one) => one.target.id === targetId)?.monitor;
  if (!monitor) return null;
  const now = core.now();
  const periodMs = monitor.slo?.windowMs ?? PERIOD_MS;
  const [sums, beats] = await Promise.all([
    uptimes(core, { from: now - periodMs, to: now }),
    core.db.monitors.beats(monitor.id, { from: now - DAY, to: now, limit: BEATS_MAX }),
  ]);
  const sum = sums.get(monitor.id);
  if (!sum) return null;
  const latencies = beats.flatMap(({ latencyMs }) => latencyMs ?? []);
  const from = Math.max(now - DAY, beats[0]?.scheduledAt ?? now);
  // The newest look may still be on its way, or not yet stored.
  const due = beats.length === 0 ? 0 : Math.max(1, Math.floor((now - from) / monitor.everyMs) - 1);
  const expected = 'expect' in monitor.look ? monitor.look.expect.latencyBelowMs : null;
  return {
    ...sum,
    objective: monitor.slo?.objective ?? null,
    latency: { count: latencies.length, p95Ms: percentile(latencies, 0.95), belowMs: expected },
    looks: {
      everyMs: monitor.everyMs,
      due,
      taken: beats.length,
      unknown: beats.filter(({ state }) => state === 'unknown').length,
      latenessP99Ms: percentile(
        beats.map((beat) => Math.max(0, beat.startedAt - beat.scheduledAt)),
        0.99,
      ),
    },
  };
}

/** The probes of the service: those of an audit, with eyes for what the monitors saw. */
export function withUptime(probes: readonly Probe[], core: () => ServiceCore): readonly Probe[] {
  const probe = makeUptimeProbe((target) => uptimeFactsOf(core(), target.id));
  return probes.map((one) => (one.name === probe.name ? probe : one));
}
