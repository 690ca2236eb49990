import type { Socket } from 'node:net';
import type { BeatTimings, Look } from '../../core/monitor.ts';
import { scopeOf } from '../../net/guard.ts';
import { failureOf } from '../assert.ts';
import { connect } from './connect.ts';
import { type Head, Http1Reader } from './http1.ts';
import { bounded, type Looked, type LookParts, noTimings } from './looked.ts';

type HttpLook = Extract<Look, { kind: 'http' }>;

/** So much of a body is read. */
const BODY_MAX = 256 * 1024;

interface Visit {
  head: Head;
  body: Buffer;
  truncated: boolean;
  certificateNotAfter: number | null;
}

/**
 * One GET or HEAD on a connection of its own: what a first visitor meets, and nothing that a kept connection would hide.
 * A redirect is followed on a new connection, up to the limit, unless its status is one of those that are wanted; the
 * phases of all connections are added up.
 */
export async function lookHttp(
  look: HttpLook,
  family: 4 | 6 | undefined,
  parts: LookParts,
  signal: AbortSignal,
): Promise<Looked> {
  const timings = noTimings();
  const started = parts.clock();
  let url = new URL(look.url);
  for (let hop = 0; ; hop += 1) {
    const visit = await visitOnce(url, look, family, hop, timings, parts, signal);
    const { status } = visit.head;
    const next = redirectOf(look, url, visit.head);
    const finished = (failure: string | null): Looked => {
      return { failure, latencyMs: parts.clock() - started, timings, code: status };
    };
    if (typeof next === 'string') return finished(next);
    if (next && look.redirects) {
      if (hop >= look.redirects) return finished(`redirects more than ${look.redirects} times`);
      url = next;
      continue;
    }
    const latencyMs = parts.clock() - started;
    const body = look.expect.body.length > 0 ? visit.body.toString('utf8') : '';
    const { truncated, certificateNotAfter } = visit;
    const seen = { status, latencyMs, body, truncated, certificateNotAfter };
    return { failure: failureOf(look.expect, seen, parts.now()), latencyMs, timings, code: status };
  }
}

/** Where the answer leads to; `null` when it is itself the end, a sentence when it leads where nobody should go. */
function redirectOf(look: HttpLook, from: URL, { status, headers }: Head): URL | string | null {
  if (!look.redirects || look.expect.status.includes(status)) return null;
  const location = headers.get('location');
  if (location === undefined || ![301, 302, 303, 307, 308].includes(status)) return null;
  const to = URL.parse(location, from.href);
  if (to?.protocol !== 'http:' && to?.protocol !== 'https:') return 'redirects to something that is no web address';
  if (from.protocol === 'https:' && to.protocol === 'http:') return `redirects from https to ${to.origin}`;
  if (to.origin === from.origin) {
    to.username = from.username;
    to.password = from.password;
  } else if (to.username || to.password) return 'redirects to an address with a log-in';
  return to;
}

async function visitOnce(
  url: URL,
  look: HttpLook,
  family: 4 | 6 | undefined,
  hop: number,
  timings: BeatTimings,
  parts: LookParts,
  signal: AbortSignal,
): Promise<Visit> {
  const { clock } = parts;
  const resolved = await bounded(parts.resolve(url.hostname, family), signal);
  // An address that credentials are handed out at is looked at only where the configuration itself names it.
  if (hop > 0 && resolved.addresses.some((address) => scopeOf(address) === 'metadata')) {
    throw new Error(`redirects to ${url.hostname}, an address at which clouds hand out credentials`);
  }
  const tls = url.protocol === 'https:' ? { ca: look.ca } : null;
  const port = Number(url.port || (tls ? 443 : 80));
  const made = await connect({ host: url.hostname, addresses: resolved.addresses, port, tls }, signal, clock);
  try {
    const asked = clock();
    const reader = new Http1Reader(look.method, BODY_MAX);
    const first = await exchange(made.socket, requestFor(url, look.method), reader, signal, clock);
    const ended = clock();
    timings.resolve = sum(timings.resolve, resolved.ms);
    timings.connect = sum(timings.connect, made.connectMs);
    timings.tls = sum(timings.tls, made.tlsMs);
    timings.firstByte = sum(timings.firstByte, first - asked);
    timings.transfer = sum(timings.transfer, ended - first);
    const { head, truncated, body } = reader;
    if (!head) throw new Error('there was no answer');
    return { head, body, truncated, certificateNotAfter: made.certificateNotAfter };
  } finally {
    made.socket.destroy();
  }
}

const sum = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : a + b);

function requestFor(url: URL, method: string): string {
  return `${method} ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\n${authOf(url)}user-agent: seaworthy-monitor\r\naccept: */*\r\nconnection: close\r\n\r\n`;
}

/** Sends the request and reads until the answer is whole. Answers when its first byte came. */
function exchange(
  socket: Socket,
  request: string,
  reader: Http1Reader,
  signal: AbortSignal,
  clock: () => number,
): Promise<number> {
  return new Promise((resolve, reject) => {
    let first: number | null = null;
    const settle = (): void => {
      signal.removeEventListener('abort', onAbort);
      socket.removeAllListeners('data').removeAllListeners('end').off('close', onEnd).off('error', fail);
      socket.on('error', () => {});
    };
    const fail = (reason: unknown): void => {
      settle();
      reject(reason);
    };
    const onAbort = (): void => fail(signal.reason);
    const step = (act: () => void): void => {
      try {
        act();
      } catch (thrown) {
        fail(thrown);
        return;
      }
      if (!reader.done) return;
      settle();
      resolve(first ?? clock());
    };
    const onEnd = (): void => step(() => reader.end());
    socket.on('data', (chunk: Buffer) => {
      first ??= clock();
      step(() => reader.push(chunk));
    });
    socket.once('end', onEnd).once('close', onEnd).once('error', fail);
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    socket.write(request, 'latin1');
  });
}

function authOf(url: URL): string {
  if (url.username === '' && url.password === '') return '';
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return `authorization: Basic ${Buffer.from(pair).toString('base64')}\r\n`;
}
