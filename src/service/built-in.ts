import { hostname } from 'node:os';
import { type Config, emptyConfig } from '../config/config.ts';
import type { EndpointTarget, HostTarget } from '../core/target.ts';

const HOUR = 3_600_000;

/** What is looked at where there is no file: this machine from inside, and the service's own endpoint. */
export function builtInConfig(listen: { host: string; port: number }): Config {
  const base = { service: 'seaworthy', environment: 'production', labels: {} };
  // An address that listens for everybody is not one that can be called.
  const host = /^(?:0\.0\.0\.0|::)$/.test(listen.host) ? '127.0.0.1' : listen.host;
  const authority = `${host.includes(':') ? `[${host}]` : host}:${listen.port}`;
  const machine: HostTarget = {
    ...base,
    kind: 'host',
    id: 'local',
    name: hostname(),
    transport: 'local',
    ssh: null,
    firewall: null,
  };
  const self: EndpointTarget = {
    ...base,
    kind: 'endpoint',
    id: 'seaworthy',
    name: 'Seaworthy itself',
    protocol: 'http',
    url: `http://${authority}/`,
    host,
    port: listen.port,
  };
  const labels = { target: self.id, service: base.service, environment: base.environment };
  const config = emptyConfig();
  return {
    ...config,
    services: [
      {
        id: 'seaworthy',
        name: 'Seaworthy',
        owner: null,
        tier: null,
        environment: 'production',
        runbook: null,
        dependsOn: [],
        description: null,
      },
    ],
    targets: [
      { target: machine, audit: { everyMs: 6 * HOUR }, monitor: null, heartbeat: null, checks: new Map() },
      {
        target: self,
        audit: { everyMs: 6 * HOUR },
        monitor: {
          id: self.id,
          name: self.name,
          look: {
            kind: 'http',
            url: `http://${authority}/healthz`,
            method: 'GET',
            expect: { status: [200], latencyBelowMs: null, body: [], certificateValidForMs: null },
            ca: [],
          },
          everyMs: 30_000,
          timeoutMs: 5_000,
          downAfter: 3,
          upAfter: 2,
          severity: 'high',
          labels,
        },
        heartbeat: null,
        checks: new Map(),
      },
    ],
  };
}
