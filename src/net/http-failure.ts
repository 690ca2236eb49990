import { reasonOf } from '../core/error.ts';

/** Why there was no answer; stable, so that callers and tests can tell them apart. */
export type HttpFailureKind =
  | 'unresolvable'
  | 'refused'
  | 'filtered'
  | 'unreachable'
  | 'no-route'
  | 'reset'
  | 'timeout'
  | 'tls'
  | 'not-http'
  | 'headers-too-large'
  | 'blocked'
  | 'redirect-loop'
  | 'too-many-redirects'
  | 'bad-redirect'
  | 'cancelled';

export interface HttpFailure {
  ok: false;
  url: string;
  kind: HttpFailureKind;
  /** For people: what happened, on one line. */
  reason: string;
}

/** Thrown inside the client and turned into a failure at its edge. */
export class HttpProblem extends Error {
  readonly kind: HttpFailureKind;

  constructor(kind: HttpFailureKind, message: string) {
    super(message);
    this.name = 'HttpProblem';
    this.kind = kind;
  }
}

const BY_CODE: Record<string, [HttpFailureKind, string]> = {
  ENOTFOUND: ['unresolvable', 'the name does not resolve'],
  EAI_AGAIN: ['unresolvable', 'the name could not be resolved: the resolver did not answer'],
  ECONNREFUSED: ['refused', 'connection refused: nothing listens there'],
  ECONNRESET: ['reset', 'the connection was reset'],
  EPIPE: ['reset', 'the connection was closed while sending'],
  UND_ERR_SOCKET: ['reset', 'the connection was closed before the answer was complete'],
  EHOSTUNREACH: ['unreachable', 'no route to the host'],
  ENETUNREACH: ['no-route', 'no route to the network'],
  EADDRNOTAVAIL: ['no-route', 'the address cannot be reached from here'],
  EACCES: ['unreachable', 'connecting there is not permitted from here'],
  ETIMEDOUT: ['filtered', 'nothing answered the attempt to connect'],
  UND_ERR_CONNECT_TIMEOUT: ['filtered', 'nothing answered the attempt to connect'],
  UND_ERR_HEADERS_OVERFLOW: ['headers-too-large', 'the answer has more than 64 KiB of headers'],
  ERR_SSL_WRONG_VERSION_NUMBER: ['tls', 'the port does not speak TLS'],
  ERR_SSL_PACKET_LENGTH_TOO_LONG: ['tls', 'the port does not speak TLS'],
  ERR_SSL_HTTP_REQUEST: ['tls', 'the port does not speak TLS'],
};

/** Turns whatever the network stack threw into a failure with a kind. */
export function toFailure(url: string, thrown: unknown): HttpFailure {
  if (thrown instanceof HttpProblem) return { ok: false, url, kind: thrown.kind, reason: thrown.message };
  const errors = flatten(thrown);
  for (const error of errors) {
    const code = codeOf(error);
    const known = BY_CODE[code];
    if (known) return { ok: false, url, kind: known[0], reason: known[1] };
    if (/^HPE_|^UND_ERR_RES/.test(code) || (error instanceof Error && error.name === 'HTTPParserError'))
      return failure(url, 'not-http', `the answer is not valid HTTP/1.1 (${reasonOf(error)})`);
    if (/^ERR_(SSL|TLS)_|^EPROTO$/.test(code)) return failure(url, 'tls', `TLS handshake failed: ${brief(error)}`);
  }
  return failure(url, 'unreachable', brief(errors[0] ?? thrown));
}

function failure(url: string, kind: HttpFailureKind, reason: string): HttpFailure {
  return { ok: false, url, kind, reason };
}

/** The error, its causes and, for several addresses tried, the members of the aggregate; bounded. */
function flatten(thrown: unknown): unknown[] {
  const seen: unknown[] = [];
  const queue = [thrown];
  while (queue.length > 0 && seen.length < 16) {
    const next = queue.shift();
    if (!(next instanceof Error)) continue;
    seen.push(next);
    if (next instanceof AggregateError) queue.push(...next.errors);
    if (next.cause !== undefined) queue.push(next.cause);
  }
  return seen;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** OpenSSL puts pointers, file names and line numbers into its messages; people need only the reason. */
function brief(error: unknown): string {
  const text = reasonOf(error);
  const parts = text.split(':');
  return text.includes('SSL routines') ? (parts[5] ?? text).trim() : text.slice(0, 200);
}
