import type { Server } from 'node:net';
import { type Endpoint, parseEndpoint } from '../../../src/config/endpoint.ts';
import { resolveMonitor } from '../../../src/config/resolve-monitor.ts';
import { monitorSchema } from '../../../src/config/schema/monitor.ts';
import type { Beat, MonitorSpec } from '../../../src/core/monitor.ts';
import { takeBeat } from '../../../src/monitor/beat.ts';
import { makeResolver } from '../../../src/monitor/resolve.ts';

/** The monitor that a configuration with this endpoint makes, or what is wrong with it. */
export function monitorOf(endpoint: string, monitor: unknown = {}, ca?: string[]): MonitorSpec | string {
  const parsed: Endpoint | string = parseEndpoint(endpoint);
  if (typeof parsed === 'string') return parsed;
  const input = monitorSchema.safeParse(monitor);
  if (!input.success) return input.error.issues.map((issue) => issue.message).join('; ');
  const base = { kind: 'endpoint' as const, id: 'x', name: 'x', service: null, environment: 'test', labels: {} };
  return resolveMonitor({ ...base, ...parsed, ...(ca ? { ca } : {}) }, input.data);
}

/** One look as the monitor of that configuration takes it. */
export async function lookAt(endpoint: string, monitor: unknown = {}, ca?: string[]): Promise<Beat> {
  const spec = monitorOf(endpoint, { timeout: '20s', ...(monitor as object) }, ca);
  if (typeof spec === 'string') throw new Error(spec);
  const clock = (): number => performance.now();
  const parts = { now: Date.now, clock, lagSince: () => 0, resolve: makeResolver(clock) };
  return takeBeat(spec, Date.now(), parts, new AbortController().signal);
}

export async function portOf(server: Server, host = '127.0.0.1'): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

export async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer();
  const port = await portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
