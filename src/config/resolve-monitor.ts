import type { HeartbeatSpec, MonitorSpec } from '../core/monitor.ts';
import type { EndpointTarget, HeartbeatTarget, TargetBase } from '../core/target.ts';
import { resolveLook } from './resolve-look.ts';
import type { MonitorInput } from './schema/monitor.ts';

/** What routes match on: the target's own labels, and who it is. */
function labelsOf(target: TargetBase): Record<string, string> {
  const { id, service, environment } = target;
  return { ...target.labels, target: id, environment, ...(service === null ? {} : { service }) };
}

/** The monitor of an endpoint. A string says what does not fit. */
export function resolveMonitor(target: EndpointTarget, input: MonitorInput): MonitorSpec | string {
  const look = resolveLook(target, input);
  if (typeof look === 'string') return look;
  return {
    id: target.id,
    name: target.name,
    look,
    ...(input.ip === 'any' ? {} : { family: input.ip }),
    everyMs: input.every,
    timeoutMs: input.timeout,
    downAfter: input.downAfter,
    upAfter: input.upAfter,
    severity: input.severity,
    ...(input.slo === undefined ? {} : { slo: input.slo }),
    labels: labelsOf(target),
  };
}

export function resolveHeartbeat(target: HeartbeatTarget, severity: HeartbeatSpec['severity']): HeartbeatSpec {
  const { id, name, schedule, graceMs } = target;
  return { id, name, schedule, graceMs, severity, labels: labelsOf(target) };
}
