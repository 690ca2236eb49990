import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import type { BeatTimings, Look } from '../core/monitor.ts';
import { failureOf } from './assert.ts';
import { connect } from './connect.ts';
import type { Resolved } from './resolve.ts';

/** What one look found. `failure` is null when the target is up. */
export interface Looked {
  failure: string | null;
  latencyMs: number;
  timings: BeatTimings;
  code: number | null;
}

export interface LookParts {
  resolve(host: string): Promise<Resolved>;
  /** Monotonic, ms. */
  clock(): number;
  /** Epoch ms. */
  now(): number;
}

/** So much of a body is read. */
const BODY_MAX = 256 * 1024;

export const noTimings = (): BeatTimings => ({
  resolve: null,
  connect: null,
  tls: null,
  firstByte: null,
  transfer: null,
});

/** One GET or HEAD on a connection of its own: what a first visitor meets, and nothing that a kept connection would hide. */
export async function lookHttp(
  look: Extract<Look, { kind: 'http' }>,
  parts: LookParts,
  signal: AbortSignal,
): Promise<Looked> {
  const { clock } = parts;
  const url = new URL(look.url);
  const timings = noTimings();
  const started = clock();
  const resolved = await bounded(parts.resolve(url.hostname), signal);
  timings.resolve = resolved.ms;
  const tls = url.protocol === 'https:' ? { ca: look.ca } : null;
  const port = Number(url.port || (tls ? 443 : 80));
  const made = await connect({ host: url.hostname, addresses: resolved.addresses, port, tls }, signal, clock);
  timings.connect = made.connectMs;
  timings.tls = made.tlsMs;
  try {
    const asked = clock();
    const answer = await bounded(ask(url, look.method, made.socket), signal);
    const first = clock();
    timings.firstByte = first - asked;
    const { text, truncated } = await bounded(read(answer), signal);
    const ended = clock();
    timings.transfer = ended - first;
    const latencyMs = ended - started;
    const { certificateNotAfter } = made;
    const status = answer.statusCode ?? 0;
    const seen = { status, latencyMs, body: text, truncated, certificateNotAfter };
    return { failure: failureOf(look.expect, seen, parts.now()), latencyMs, timings, code: status };
  } finally {
    made.socket.destroy();
  }
}

/** Sends the request over a connection that stands and waits for the head of the answer. */
function ask(url: URL, method: string, socket: Socket): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request({
      createConnection: () => socket,
      method,
      path: `${url.pathname}${url.search}`,
      headers: {
        host: url.host,
        connection: 'close',
        'user-agent': 'seaworthy-monitor',
        accept: '*/*',
        ...authOf(url),
      },
      maxHeaderSize: 32_768,
    });
    asked.once('response', resolve).on('error', reject);
    asked.once('close', () => reject(new Error('the connection was closed before there was an answer')));
    asked.end();
  });
}

/** Waits no longer than the signal allows; what it waited for may end later, unheard. */
export function bounded<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function authOf(url: URL): Record<string, string> {
  if (url.username === '' && url.password === '') return {};
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

async function read(body: AsyncIterable<Uint8Array>): Promise<{ text: string; truncated: boolean }> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body) {
    parts.push(part);
    length += part.length;
    if (length > BODY_MAX) break;
  }
  return { text: Buffer.concat(parts).subarray(0, BODY_MAX).toString('utf8'), truncated: length > BODY_MAX };
}
