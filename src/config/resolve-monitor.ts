import type { HeartbeatSpec, Look, MonitorSpec } from '../core/monitor.ts';
import type { EndpointTarget, HeartbeatTarget, TargetBase } from '../core/target.ts';
import type { MonitorInput } from './schema/monitor.ts';

/** What routes match on: the target's own labels, and who it is. */
function labelsOf(target: TargetBase): Record<string, string> {
  const { id, service, environment } = target;
  return { ...target.labels, target: id, environment, ...(service === null ? {} : { service }) };
}

/** The monitor of an endpoint: over HTTP where it is one, else by connecting. A string says what does not fit. */
export function resolveMonitor(target: EndpointTarget, input: MonitorInput): MonitorSpec | string {
  const { status, latency, body, certificate } = input.expect;
  const latencyBelowMs = latency?.below ?? null;
  let look: Look;
  if (target.protocol === 'http' || target.protocol === 'https') {
    const expect = {
      status: status?.flat() ?? [],
      latencyBelowMs,
      body: body ?? [],
      certificateValidForMs: certificate?.validFor ?? null,
    };
    if (input.method === 'HEAD' && expect.body.length > 0) return 'HEAD has no body to look at; use GET';
    if (target.protocol === 'http' && certificate) return 'http has no certificate to look at';
    look = { kind: 'http', url: target.url, method: input.method, expect, ca: target.ca ?? [] };
  } else {
    if (status || body || certificate) return `only http and https are asked; ${target.url} is connected to`;
    look = { kind: 'tcp', host: target.host, port: target.port, latencyBelowMs };
  }
  return {
    id: target.id,
    name: target.name,
    look,
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
