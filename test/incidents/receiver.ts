import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Notification, notificationSchema } from '../../src/core/notification.ts';

export interface Received {
  id: string;
  path: string;
  signature: string | undefined;
  notification: Notification;
  /** What it was answered; 0 where the connection was cut. */
  status: number;
}

export interface Receiver {
  url: string;
  /** Every request that was read in full, in order. */
  all: Received[];
  /** Those that were answered with 2xx. */
  taken(): Received[];
  /** Resolves when `enough` says so, looked at after each request. */
  until(enough: (receiver: Receiver) => boolean): Promise<void>;
  close(): Promise<void>;
}

/** What to answer: a status, `cut` (no answer) or `hang` (never an answer), with headers. */
export type Answer = number | 'cut' | 'hang' | { status: number; headers: Record<string, string> };

/** A webhook receiver on loopback. `answer` decides, from how many requests there were with that id and path before. */
export async function startReceiver(
  answer: (request: Omit<Received, 'status'>, before: number) => Answer,
): Promise<Receiver> {
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => void take(request, response));
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const seen = {
      id: String(request.headers['webhook-id']),
      path: request.url ?? '',
      signature: request.headers['webhook-signature']?.toString(),
      notification: notificationSchema.parse(JSON.parse(Buffer.concat(parts).toString('utf8'))),
    };
    const before = receiver.all.filter((one) => one.id === seen.id && one.path === seen.path).length;
    const how = answer(seen, before);
    const status = typeof how === 'object' ? how.status : typeof how === 'number' ? how : 0;
    receiver.all.push({ ...seen, status });
    if (how === 'cut') request.socket.destroy();
    else if (how !== 'hang') response.writeHead(status, typeof how === 'object' ? how.headers : {}).end();
    for (const check of [...waiting]) check();
  }
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    all: [],
    taken: () => receiver.all.filter((one) => one.status >= 200 && one.status < 300),
    until: (enough) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!enough(receiver)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}
