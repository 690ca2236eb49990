import type { HeartbeatSpec, MonitorSpec } from '../core/monitor.ts';
import type { Signal } from '../core/signal.ts';

type Watched = Pick<MonitorSpec, 'id' | 'severity' | 'labels'>;

function signalOf(
  source: 'monitor' | 'heartbeat',
  spec: Watched,
  said: { kind: Signal['kind']; at: number; title: string; text: string },
): Signal {
  const labels = { ...spec.labels, category: 'uptime', check: 'uptime.availability' };
  return { key: `${source}:${spec.id}`, severity: spec.severity, labels, source, ...said };
}

/** What the incidents hear of a monitor. */
export function monitorSignal(spec: MonitorSpec, kind: Signal['kind'], at: number, reason: string | null): Signal {
  const text = kind === 'open' ? (reason ?? 'it does not answer') : 'it answers again';
  return signalOf('monitor', spec, { kind, at, title: `${spec.name} is down`, text });
}

/** What the incidents hear of a job that reports by itself. */
export function heartbeatSignal(spec: HeartbeatSpec, kind: Signal['kind'], at: number, reason: string | null): Signal {
  const text = kind === 'open' ? (reason ?? 'it did not report') : 'it reported again';
  return signalOf('heartbeat', spec, { kind, at, title: `${spec.name} did not report success`, text });
}
