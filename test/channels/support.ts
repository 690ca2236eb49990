import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { ChannelRequest, HttpMessage, OpenChannel, ToSend, Verdict } from '../../src/channels/channel.ts';
import { CHANNELS } from '../../src/channels/index.ts';
import type { PublicIncident } from '../../src/core/incident.ts';
import type { Notification } from '../../src/core/notification.ts';
import { sendAny } from '../../src/incidents/deliver-any.ts';

export const NOW = Date.parse('2026-11-20T12:10:00Z');

/** An incident as channels get it; resolved ones have an end. */
export function incident(more: Partial<PublicIncident> = {}): PublicIncident {
  return {
    id: 'i1',
    key: 'monitor:shop-web',
    state: 'open',
    severity: 'high',
    title: 'Shop <web> is down & out',
    service: 'shop',
    target: 'shop-web',
    source: 'monitor',
    labels: { category: 'uptime', runbook: 'https://wiki.example/shop' },
    openedAt: '2026-11-20T12:00:00.000Z',
    acknowledgedAt: null,
    resolvedAt: more.state === 'resolved' ? '2026-11-20T12:09:00.000Z' : null,
    timeline: [{ at: '2026-11-20T12:00:00.000Z', type: 'opened', text: 'connection refused by 192.0.2.1:443' }],
    ...more,
  };
}

const TYPES = {
  open: 'incident.opened',
  acknowledged: 'incident.acknowledged',
  resolved: 'incident.resolved',
} as const;

/** A message about one incident in that state, or about those given. */
export function message(
  state: PublicIncident['state'] = 'open',
  { incidents = [incident({ state })], ...more }: Partial<Notification> & { incidents?: PublicIncident[] } = {},
  toSend: Partial<ToSend> = {},
): ToSend {
  const reason = state === 'open' ? 'first' : state === 'resolved' ? 'resolved' : 'new';
  return {
    id: `m-${state}`,
    notification: { type: TYPES[state], reason, incidents, ...more },
    now: NOW,
    dashboard: 'https://seaworthy.example',
    ...toSend,
  };
}

export function openKind(kind: string, settings: Record<string, unknown>): OpenChannel {
  const channel = CHANNELS.get(kind);
  if (!channel) throw new Error(`no channel ${kind}`);
  return channel.open('test', settings);
}

export function httpOf(request: ChannelRequest): HttpMessage {
  if (!('url' in request)) throw new Error('not sent over HTTP');
  return request;
}

/** What a golden file shows: the request with its JSON body read, settings that are secret and all. */
export function shown(request: ChannelRequest): string {
  if (!('body' in request)) return `${JSON.stringify(request, null, 2)}\n`;
  const json = request.headers['content-type']?.includes('json') ?? false;
  return `${JSON.stringify({ ...request, body: json ? JSON.parse(request.body) : request.body.split('&') }, null, 2)}\n`;
}

/** Renders, sends over the wire and judges, as delivery does. */
export async function deliver(channel: OpenChannel, one: ToSend): Promise<Verdict> {
  return channel.judge(await sendAny(channel.render(one)), NOW, one);
}

export interface Call {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: string | object;
}

/** A server on loopback that answers as `api` says, until the test ends. `calls` are all that it was asked. */
export async function serve(api: (call: Call) => Reply): Promise<{ url: string; calls: Call[] }> {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const call = { method, path: url, headers, body: Buffer.concat(parts).toString('utf8') };
      calls.push(call);
      const { status, headers: more, body = '' } = api(call);
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const type = typeof body === 'string' ? 'text/plain' : 'application/json';
      response.writeHead(status, { 'content-type': type, ...more }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
}
