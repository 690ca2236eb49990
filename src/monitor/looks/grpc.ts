import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import type { Socket } from 'node:net';

const ANSWER_MAX = 4_096;
/** grpc.health.v1.HealthCheckResponse.ServingStatus. */
const STATES = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];
const CODES: Readonly<Record<number, string>> = {
  5: 'does not know that service',
  7: 'does not permit the question (PERMISSION_DENIED)',
  12: 'has no health service (grpc.health.v1)',
  14: 'is not available (UNAVAILABLE)',
  16: 'wants a log-in (UNAUTHENTICATED)',
};

/** Asks grpc.health.v1.Health/Check: what is wrong as a sentence, and the status code of gRPC. */
export function askGrpc(
  to: { authority: string; service: string },
  socket: Socket,
  signal: AbortSignal,
): Promise<{ refusal: string | null; code: number | null }> {
  return new Promise((resolve, reject) => {
    const session: ClientHttp2Session = connectHttp2(to.authority, {
      createConnection: () => socket,
      maxSessionMemory: 1,
      settings: { enablePush: false },
    });
    const settle = (): void => {
      signal.removeEventListener('abort', onAbort);
      session.destroy();
    };
    const fail = (reason: unknown): void => {
      settle();
      reject(reason);
    };
    const onAbort = (): void => fail(signal.reason);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    session
      .on('error', fail)
      .on('close', () => fail(new Error('the connection was closed before there was an answer')));
    const stream = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
      'user-agent': 'seaworthy-monitor',
    });
    let body: Buffer = Buffer.alloc(0);
    let httpStatus = 0;
    let grpcStatus: number | null = null;
    const note = (headers: Record<string, unknown>): void => {
      if (typeof headers['grpc-status'] === 'string') grpcStatus = Number(headers['grpc-status']);
    };
    stream.on('response', (headers) => {
      httpStatus = Number(headers[':status']);
      note(headers);
    });
    stream.on('trailers', note);
    stream.on('data', (chunk: Buffer) => {
      body = Buffer.concat([body, chunk]);
      if (body.length > ANSWER_MAX) fail(new Error(`the answer is longer than ${ANSWER_MAX} bytes`));
    });
    stream.on('error', fail);
    stream.on('end', () => {
      settle();
      resolve({ refusal: refusalOf(httpStatus, grpcStatus, body), code: grpcStatus });
    });
    stream.end(framed(requestOf(to.service)));
  });
}

function refusalOf(httpStatus: number, grpcStatus: number | null, body: Buffer): string | null {
  if (httpStatus !== 200) return `answered ${httpStatus} over HTTP/2`;
  if (grpcStatus === null) return 'does not speak gRPC';
  if (grpcStatus !== 0) return CODES[grpcStatus] ?? `answered gRPC status ${grpcStatus}`;
  const state = statusOf(body);
  if (state === null) return 'gives an answer that is no HealthCheckResponse';
  return state === 1 ? null : `is ${STATES[state] ?? state}`;
}

/** HealthCheckRequest { string service = 1 }. */
function requestOf(service: string): Buffer {
  const name = Buffer.from(service, 'utf8').subarray(0, 127);
  return name.length === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.from([0x0a, name.length]), name]);
}

function framed(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** The field `status` of HealthCheckResponse { ServingStatus status = 1 }; the default, UNKNOWN, is not sent. */
function statusOf(body: Buffer): number | null {
  if (body.length < 5 || body[0] !== 0 || body.readUInt32BE(1) !== body.length - 5) return null;
  if (body.length === 5) return 0;
  return body.length === 7 && body[5] === 0x08 ? (body[6] ?? null) : null;
}
