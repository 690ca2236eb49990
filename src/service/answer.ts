import { join } from 'node:path';
import { createApi } from '../api/app.ts';
import type { LoginCodes } from '../api/login-codes.ts';
import type { ApiPorts, ExternalPort } from '../api/ports.ts';
import type { Metrics } from '../ops/metrics.ts';
import { auditPort } from './audit-port.ts';
import type { AuditTroubles } from './audit-runner.ts';
import { calendarPort } from './calendar-port.ts';
import type { ServiceCore } from './core.ts';
import { fleetPort } from './fleet-port.ts';
import { gatePort } from './gate-port.ts';
import { remoteOf } from './http-server.ts';
import { identityPort } from './identity-port.ts';
import { incidentPort } from './incident-port.ts';
import { monitorPort } from './monitor-port.ts';
import { onCallPort } from './oncall-port.ts';
import { packageRoot } from './package-root.ts';
import { picturePort } from './picture-port.ts';
import { readiness } from './ready.ts';
import { recordPorts } from './record-ports.ts';
import type { Watching } from './watching.ts';

interface AnswerParts {
  watching: Watching;
  external: ExternalPort;
  metrics: Metrics;
  troubles: AuditTroubles;
  codes: LoginCodes;
  secure: boolean;
  onCrash(thrown: unknown, fields: { requestId: string }): void;
}

/** The HTTP interface over a running service. */
export function createAnswer(core: ServiceCore, parts: AnswerParts) {
  const { metrics } = parts;
  const calendars = calendarPort(core);
  const ports: ApiPorts = {
    now: core.now,
    version: core.version,
    checks: core.checks,
    fleet: fleetPort(core, parts.troubles),
    pictures: picturePort(core),
    audits: auditPort(core, parts.troubles),
    monitors: monitorPort(core, parts.watching.ping),
    incidents: incidentPort(core),
    onCall: onCallPort(core, calendars),
    external: parts.external,
    calendars,
    ...recordPorts(core),
    gate: gatePort(core),
    identities: identityPort(core),
    events: core.events,
    publish: () => core.config.current().publish,
    ready: readiness(core),
    metrics: async () => ({ contentType: metrics.registry.contentType, text: await metrics.registry.metrics() }),
  };
  return createApi(ports, {
    secure: parts.secure,
    codes: parts.codes,
    remoteOf,
    webRoot: join(packageRoot(), 'dist', 'web'),
    onAnswer({ method, route, status, ms, requestId, actor, path, remote }) {
      metrics.httpRequests.inc({ method, route, status: String(status) });
      metrics.httpSeconds.observe({ method, route }, ms / 1_000);
      const fields = { requestId, method, path, status, ms: Math.round(ms), actor, remote };
      if (status >= 500) core.log.error(fields, 'request failed');
      else core.log.debug(fields, 'request');
    },
    onCrash: (thrown, requestId) => parts.onCrash(thrown, { requestId }),
  });
}
