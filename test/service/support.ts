import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recognise } from '../../src/net/recognise.ts';
import { createLog } from '../../src/ops/log.ts';
import { type ServiceOptions, startService } from '../../src/service.ts';

/** A folder that is gone after the test. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'seaworthy-service-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export interface Site {
  url: string;
  headers: Record<string, string>;
  status: number;
  close(): void;
}

/** A web server whose headers and status can be changed while it runs. */
export async function startSite(headers: Record<string, string>): Promise<Site> {
  const site = { headers, status: 200 };
  const server: Server = createServer((_request, response) => {
    response
      .writeHead(site.status, { 'Content-Type': 'text/html; charset=utf-8', ...site.headers })
      .end('<!doctype html><title>shop</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  return Object.assign(site, {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
}

export interface Seen {
  type: string;
  data: Record<string, string | number | null>;
}

/** A browser's view of a service: its cookie, its calls and its stream of events. */
export async function browser(loginUrl: string) {
  const { origin, hash } = new URL(loginUrl);
  const code = new URLSearchParams(hash.slice(1)).get('code');
  const answer = await fetch(`${origin}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: origin },
    body: JSON.stringify({ code }),
  });
  if (answer.status !== 200) throw new Error(`log-in: ${answer.status} ${await answer.text()}`);
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';

  async function call<T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
    const response = await fetch(`${origin}${path}`, {
      method,
      headers: {
        Cookie: cookie,
        Origin: origin,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as T };
  }

  /** Everything that happens from now on; `until` waits for the event that fits. */
  async function listen() {
    const stop = new AbortController();
    const stream = await fetch(`${origin}/api/v1/events`, { headers: { Cookie: cookie }, signal: stop.signal });
    const seen: Seen[] = [];
    let waiting: (() => void)[] = [];
    const read = async () => {
      let text = '';
      if (!stream.body) return;
      for await (const part of stream.body.pipeThrough(new TextDecoderStream())) {
        text += part;
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const block = text.slice(0, end);
          text = text.slice(end + 2);
          const type = /^event: (.*)$/m.exec(block)?.[1];
          const data = /^data: (.*)$/m.exec(block)?.[1];
          if (type && data) seen.push({ type, data: JSON.parse(data) });
        }
        for (const wake of waiting.splice(0)) wake();
      }
    };
    void read().catch(() => {});
    return {
      seen,
      async until(fits: (event: Seen) => boolean): Promise<Seen> {
        for (let from = 0; ; ) {
          const found = seen.slice(from).find(fits);
          if (found) return found;
          from = seen.length;
          await new Promise<void>((resolve) => waiting.push(resolve));
        }
      },
      close() {
        stop.abort();
        waiting = [];
      },
    };
  }
  return { origin, call, listen, cookie };
}

/** A service in this process over a new store, with what it logged. */
export async function startTestService(folder: string, yaml: string | null, more: Partial<ServiceOptions> = {}) {
  const configPath = yaml === null ? null : join(folder, 'seaworthy.yaml');
  if (configPath !== null && yaml !== null) writeFileSync(configPath, yaml);
  const lines: Record<string, unknown>[] = [];
  const log = createLog({ version: '0.0.0' }, { write: (line) => lines.push(JSON.parse(line)) });
  const service = await startService({
    configPath,
    storeUrl: `sqlite:${join(folder, 'test.db')}`,
    listen: { host: '127.0.0.1', port: 0 },
    version: '0.0.0',
    env: {},
    recognise,
    log,
    ...more,
  });
  return { service, lines, configPath };
}
