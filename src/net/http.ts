import { Agent, type Dispatcher } from 'undici';
import { AbsentError } from '../core/collected.ts';
import { decodeBody, toText } from './http-body.ts';
import { type ConnectorOptions, makeConnector } from './http-connect.ts';
import { type HttpFailure, HttpProblem, toFailure } from './http-failure.ts';

/** Most that is kept of a body, before and after decoding. */
export const BODY_LIMIT = 512 * 1024;
/** A body that is not wanted is read up to here all the same, so that the connection can be used again. */
const DRAIN_LIMIT = 64 * 1024;
/** Most that all header lines of an answer may have. */
const HEADER_LIMIT = 64 * 1024;
const CONNECT_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 10_000;

export interface HttpClientOptions extends Pick<ConnectorOptions, 'home' | 'addresses' | 'resolve' | 'pin' | 'ca'> {
  signal: AbortSignal;
  count(what: 'connections' | 'requests'): void;
  /** For one whole exchange, from connecting to the last byte. */
  timeoutMs?: number;
}

export interface HttpRequest {
  method?: 'GET' | 'HEAD' | 'OPTIONS' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  /** Bytes of body to keep; less where the rest is not needed. */
  bodyLimit?: number;
  /** Hands the body over byte for byte instead of as text. */
  latin1?: boolean;
  timeoutMs?: number;
}

/** An answer with its header lines as sent: order, spelling and duplicates kept, bytes as latin1. */
export interface HttpReply {
  ok: true;
  url: string;
  status: number;
  headers: [string, string][];
  /** As text, decoded, at most `bodyLimit` bytes. */
  body: string;
  /** Whether there was more, or it could not be read to its end. */
  bodyTruncated: boolean;
}

export type HttpResult = HttpReply | HttpFailure;

export interface HttpClient {
  /** Never throws for anything that a server or the network does. Redirects are not followed. */
  request(url: string, request?: HttpRequest): Promise<HttpResult>;
  /** Why the certificate of that origin would not be trusted; `null` where it would, or nothing was asked of it. */
  certificateError(url: string): string | null;
  /** Addresses of a host that may be connected to; none where it has none or the guard refuses them. */
  addressesOf(host: string): Promise<readonly string[]>;
  /** The address that the connections to a host went to first; `null` where there was none. */
  reached(host: string): string | null;
  close(): Promise<void>;
}

/** A client for one target: keep-alive connections, everything bounded, no credentials, no cookies. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const connector = makeConnector({
    ...options,
    connectTimeoutMs: Math.min(CONNECT_TIMEOUT_MS, options.timeoutMs ?? CONNECT_TIMEOUT_MS),
    onConnection: () => options.count('connections'),
  });
  const agent = new Agent({
    connect: connector.connect,
    connections: 4,
    pipelining: 1,
    maxHeaderSize: HEADER_LIMIT,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: 10_000,
  });
  const answered = new Set<string>();

  const once = async (url: URL, request: HttpRequest): Promise<HttpResult> => {
    options.count('requests');
    try {
      const timeoutMs = request.timeoutMs ?? options.timeoutMs ?? REQUEST_TIMEOUT_MS;
      const reply = await exchange(agent, url, request, timeoutMs, options.signal);
      answered.add(url.origin);
      return reply;
    } catch (thrown) {
      return toFailure(url.href, thrown);
    }
  };

  return {
    async request(text, request = {}) {
      const url = new URL(text);
      url.username = '';
      url.password = '';
      url.hash = '';
      const first = await once(url, request);
      // A server may close an idle connection just as it is reused; that says nothing about the server.
      const stale = !first.ok && first.kind === 'reset' && answered.has(url.origin) && !options.signal.aborted;
      return stale ? await once(url, request) : first;
    },
    certificateError(text) {
      const url = new URL(text);
      const host = url.hostname.replace(/^\[|\]$/g, '');
      return connector.certificateErrors.get(`${host}:${url.port || '443'}`) ?? null;
    },
    addressesOf: (host) => connector.addressesOf(host).catch(() => []),
    reached: (host) => connector.reached.get(host.replace(/^\[|\]$/g, '').toLowerCase()) ?? null,
    close: () => agent.destroy(),
  };
}

function exchange(
  agent: Agent,
  url: URL,
  request: HttpRequest,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<HttpReply> {
  const limit = request.bodyLimit ?? BODY_LIMIT;
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | null = null;
    let ended = false;
    let status = 0;
    let headers: [string, string][] | null = null;
    const chunks: Buffer[] = [];
    let size = 0;

    const end = (truncated: boolean, problem?: unknown) => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      // Headers that arrived are evidence even where the body never ended.
      if (problem !== undefined && !headers) return reject(problem);
      const lines = headers ?? [];
      const raw = Buffer.concat(chunks);
      decodeBody(raw, lineValue(lines, 'content-encoding'), limit).then((decoded) => {
        const { bytes } = decoded;
        const body = request.latin1 ? bytes.toString('latin1') : toText(bytes, lineValue(lines, 'content-type'));
        const cut = truncated || decoded.truncated;
        const reply: HttpReply = { ok: true, url: url.href, status, headers: lines, body, bodyTruncated: cut };
        // undici frees the connection after this callback; the caller's next request shall find it free.
        setImmediate(() => resolve(reply));
      }, reject);
    };
    const stop = (problem: HttpProblem) => {
      end(true, problem);
      controller?.abort(problem);
    };
    const cancel = () => {
      // A deadline says how long it waited; anything else is somebody's wish.
      const why = signal.reason instanceof AbsentError ? signal.reason.message : 'cancelled before there was an answer';
      stop(new HttpProblem('cancelled', why));
    };
    const timer = setTimeout(
      () => stop(new HttpProblem('timeout', `no complete answer within ${timeoutMs / 1_000} s`)),
      timeoutMs,
    );
    if (signal.aborted) return cancel();
    signal.addEventListener('abort', cancel, { once: true });

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        controller = started;
        if (ended) started.abort(new HttpProblem('cancelled', 'too late'));
      },
      onResponseStart(current, code) {
        if (code < 200) return; // informational answers come before the real one
        status = code;
        headers = pairs(current.rawHeaders);
      },
      onResponseData(current, chunk) {
        if (ended) return;
        if (size < limit) chunks.push(chunk.subarray(0, limit - size));
        size += chunk.length;
        if (size <= Math.max(limit, DRAIN_LIMIT)) return;
        end(true);
        current.abort(new HttpProblem('cancelled', 'enough was read'));
      },
      onResponseEnd: () => end(size > limit),
      onResponseError: (_, error) => end(true, error),
    };
    try {
      agent.dispatch(
        {
          origin: url.origin,
          path: url.pathname + url.search,
          method: request.method ?? 'GET',
          headers: {
            'user-agent': 'Seaworthy/0.1 (production-readiness audit)',
            accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
            'accept-encoding': 'gzip, deflate, br',
            ...request.headers,
          },
          body: request.body ?? null,
        },
        handler,
      );
    } catch (thrown) {
      end(true, thrown);
    }
  });
}

function lineValue(headers: readonly [string, string][], name: string): string {
  return headers
    .filter(([key]) => key.toLowerCase() === name)
    .map(([, value]) => value)
    .join(',');
}

/** undici hands the lines over as name, value, name, value; as bytes, which latin1 keeps one to one. */
function pairs(raw: unknown): [string, string][] {
  const flat = Array.isArray(raw) ? raw : [];
  const lines: [string, string][] = [];
  for (let index = 0; index + 1 < flat.length; index += 2) lines.push([latin1(flat[index]), latin1(flat[index + 1])]);
  return lines;
}

function latin1(part: unknown): string {
  return Buffer.isBuffer(part) ? part.toString('latin1') : String(part);
}
