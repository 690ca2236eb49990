import type { HeartbeatSpec, MonitorSpec } from '../core/monitor.ts';
import { compareSeverity } from '../core/severity.ts';
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

/** Key of the one incident that stands for many monitors that fail at once. */
export const MASS_KEY = 'self:mass-failure';
/** Key of the incident that says that we cannot see. */
export const BLIND_KEY = 'self:blind';
const NAMES = 50;

/** Many fail at once: one incident with the labels that all of them share, which lists them. */
export function massSignal(
  kind: Signal['kind'],
  at: number,
  members: readonly MonitorSpec[],
  note: string | null,
  watched = members.length,
): Signal {
  const [first, ...rest] = [...members].sort((a, b) => compareSeverity(a.severity, b.severity));
  const shared = Object.entries(first?.labels ?? {}).filter(([key, value]) =>
    rest.every((one) => one.labels[key] === value),
  );
  const labels = { ...Object.fromEntries(shared), category: 'uptime', check: 'uptime.availability' };
  const base = { key: MASS_KEY, kind, at, severity: first?.severity ?? 'high', labels, source: 'self' as const };
  if (kind === 'close') return { ...base, title: 'Many monitors fail at once', text: note ?? 'it is over' };
  const names = members.slice(0, NAMES).map((one) => one.name);
  const more = members.length > NAMES ? ` and ${members.length - NAMES} more` : '';
  const us = note === null ? 'our own network was looked at and works' : `we could not tell whether it is us: ${note}`;
  return {
    ...base,
    title: `${members.length} of ${watched} monitors fail at once`,
    text: `${us}. They are: ${names.join(', ')}${more}`,
    causes: members.map((one) => one.id).sort(),
  };
}

/** We cannot see: looks without an answer count as unknown. */
export function blindSignal(kind: Signal['kind'], at: number, text: string): Signal {
  const labels = { category: 'uptime', check: 'uptime.observer' };
  const title = 'Monitoring is blind: our own network does not work';
  return { key: BLIND_KEY, kind, at, severity: 'high', title, labels, source: 'self', text };
}
