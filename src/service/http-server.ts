import type { Server, ServerOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import { AppError, EXIT } from '../core/error.ts';

/** Where to listen. Port 0 takes a free one. */
export interface Listen {
  host: string;
  port: number;
}

/** Reads `127.0.0.1:8080`, `[::1]:8080`, `:8080` (everybody) or `8080` (this machine only). */
export function parseListen(text: string): Listen {
  const match = /^(?:(?:\[([0-9a-fA-F:.]+)\]|([\w.-]*)):)?(\d{1,5})$/.exec(text.trim());
  const port = Number(match?.[3]);
  if (!match || port > 65_535) {
    throw new AppError('listen', `"${text}" is no address to listen on`, {
      hint: 'write 127.0.0.1:8080, [::1]:8080 or :8080',
    });
  }
  const named = match[1] ?? match[2];
  return { host: named === undefined ? '127.0.0.1' : named === '' ? '0.0.0.0' : named, port };
}

/** Address of the client as the connection has it; a proxy's word is not taken. */
export function remoteOf(c: Context): string {
  try {
    return getConnInfo(c).remote.address ?? 'unknown';
  } catch {
    return 'unknown';
  }
}

export interface HttpServer {
  listen: Listen;
  /** Takes no new connection, lets requests end, at most `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** A client that sends its headers or body drop by drop is cut off. */
const PATIENCE: Patience = { headersTimeout: 15_000, requestTimeout: 60_000, connectionsCheckingInterval: 5_000 };
type Patience = Pick<ServerOptions, 'headersTimeout' | 'requestTimeout' | 'connectionsCheckingInterval'>;

/** Starts to listen. @throws AppError where the address cannot be had. */
export function startHttpServer(
  fetch: (request: Request, env: object) => Response | Promise<Response>,
  listen: Listen,
  patience = PATIENCE,
): Promise<HttpServer> {
  return new Promise((resolve, reject) => {
    const server = serve({
      fetch: (request, env) => fetch(request, env),
      hostname: listen.host,
      port: listen.port,
      serverOptions: { ...patience, keepAliveTimeout: 10_000, maxHeaderSize: 16_384 },
    }) as Server;
    server.maxRequestsPerSocket = 10_000;
    server.on('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? 'something else listens there'
          : error.code === 'EACCES'
            ? 'this needs more rights'
            : error.message;
      const hint = 'choose another one with --listen ADDRESS:PORT';
      reject(
        new AppError('listen', `cannot listen on ${listen.host}:${listen.port}: ${why}`, {
          hint,
          exit: EXIT.usage,
          cause: error,
        }),
      );
    });
    server.on('listening', () => {
      const { port } = server.address() as AddressInfo;
      resolve({
        listen: { host: listen.host, port },
        close: (graceMs) =>
          new Promise((done) => {
            const force = setTimeout(() => server.closeAllConnections(), graceMs);
            server.close(() => {
              clearTimeout(force);
              done();
            });
            server.closeIdleConnections();
          }),
      });
    });
  });
}
