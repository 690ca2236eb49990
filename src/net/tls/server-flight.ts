import { Reader } from './bytes.ts';
import { EXTENSION, VERSION_CODE } from './client-hello.ts';

/** The first flight of a server, as far as it is in the clear. */
export interface Flight {
  kind: 'hello';
  /** As negotiated: supported_versions where there is one. */
  version: number;
  suite: number;
  sessionId: Uint8Array;
  compression: number;
  extensions: ReadonlyMap<number, Uint8Array>;
  /** A HelloRetryRequest; its key_share names the group that the server would take. */
  retry: boolean;
  group: number | null;
  /** DER, as sent. `null` where no Certificate message came in the clear. */
  chain: Uint8Array[] | null;
  /** Body of ServerKeyExchange. */
  keyExchange: Uint8Array | null;
  staple: Uint8Array | null;
  clientCertificate: boolean;
  /** ServerHelloDone came, or TLS 1.3 where nothing more is in the clear. */
  complete: boolean;
}

/** What a server says to a hello. `not-tls` carries the first bytes for the message. */
export type ServerAnswer = Flight | { kind: 'alert'; description: number } | { kind: 'not-tls'; start: string };

/** SHA-256 of "HelloRetryRequest" (RFC 8446 4.1.3). */
const RETRY_RANDOM = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';

/** RFC 8446 5.1 and 5.2; more than this is no TLS. */
const MAX_RECORD = 16_384 + 2_048;
/** Bounds of what is taken apart: an honest chain of 10,000 names has 300 KiB. */
export const MAX_FLIGHT = 1 << 20;
const MAX_CHAIN = 64;

const UNRECOGNIZED_NAME = 112;

/**
 * Reads what has come so far. `undefined` = more is needed; with `final` the peer has said all it will, and a ServerHello
 * without the rest is an answer too.
 */
export function readFlight(received: Uint8Array, final = false): ServerAnswer | undefined {
  const messages: Uint8Array[] = [];
  let at = 0;
  while (received.length - at >= 5) {
    const type = received[at] ?? 0;
    const length = ((received[at + 3] ?? 0) << 8) | (received[at + 4] ?? 0);
    if (type < 20 || type > 24 || received[at + 1] !== 3 || length > MAX_RECORD) {
      return readMessages(messages, true) ?? { kind: 'not-tls', start: printable(received.subarray(at)) };
    }
    if (received.length - at - 5 < length) break;
    const payload = received.subarray(at + 5, at + 5 + length);
    at += 5 + length;
    if (type === 22) messages.push(payload);
    else if (type === 21) {
      const [level, description = 0] = payload;
      // A warning does not end the handshake: the name may be unknown and the default certificate still come.
      if (level === 1 && description === UNRECOGNIZED_NAME) continue;
      return readMessages(messages, true) ?? { kind: 'alert', description };
    } else if (messages.length > 0) {
      // ChangeCipherSpec or encrypted data: nothing more comes in the clear.
      return readMessages(messages, true) ?? { kind: 'not-tls', start: '' };
    } else return { kind: 'not-tls', start: '' };
  }
  const answer = readMessages(messages, final);
  if (answer || !final || received.length === 0) return answer;
  return at === 0 && received.length < 5 ? { kind: 'not-tls', start: printable(received) } : undefined;
}

/** Handshake messages may be cut anywhere by records; a flight is given when complete, or when nothing more will come. */
function readMessages(payloads: readonly Uint8Array[], final: boolean): Flight | undefined {
  const bytes = payloads.length === 1 ? (payloads[0] ?? new Uint8Array()) : Buffer.concat(payloads);
  let flight: Flight | undefined;
  let at = 0;
  while (bytes.length - at >= 4) {
    const type = bytes[at] ?? 0;
    const length = ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    if (bytes.length - at - 4 < length) break;
    const body = bytes.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    if (type === 2) flight ??= readServerHello(body);
    else if (flight) readFurther(flight, type, body);
    if (flight?.complete) return flight;
  }
  return final ? flight : undefined;
}

function readServerHello(body: Uint8Array): Flight | undefined {
  const reader = new Reader(body);
  let version = reader.uint(2);
  const random = Buffer.from(reader.take(32)).toString('hex');
  const sessionId = reader.vector(1);
  const suite = reader.uint(2);
  const compression = reader.uint(1);
  if (reader.short) return undefined;
  const extensions = new Map<number, Uint8Array>();
  const list = new Reader(reader.left > 0 ? reader.vector(2) : new Uint8Array());
  while (list.left >= 4 && extensions.size < 64) extensions.set(list.uint(2), list.vector(2));
  const chosen = extensions.get(EXTENSION.supportedVersions);
  if (chosen?.length === 2) version = new Reader(chosen).uint(2);
  const share = extensions.get(EXTENSION.keyShare);
  return {
    kind: 'hello',
    version,
    suite,
    sessionId,
    compression,
    extensions,
    retry: random === RETRY_RANDOM,
    group: share && share.length >= 2 ? new Reader(share).uint(2) : null,
    chain: null,
    keyExchange: null,
    staple: null,
    clientCertificate: false,
    complete: version >= VERSION_CODE['TLSv1.3'],
  };
}

function readFurther(flight: Flight, type: number, body: Uint8Array): void {
  if (type === 11) {
    const list = new Reader(new Reader(body).vector(3));
    flight.chain = [];
    while (list.left > 3 && flight.chain.length < MAX_CHAIN) {
      const der = list.vector(3);
      if (!list.short) flight.chain.push(der);
    }
  } else if (type === 12) flight.keyExchange = body;
  else if (type === 13) flight.clientCertificate = true;
  else if (type === 22 && body[0] === 1) flight.staple = new Reader(body.subarray(1)).vector(3);
  else if (type === 14) flight.complete = true;
}

/** The start of what is no TLS, for people: printable ASCII, the rest as full stops. */
function printable(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, 60))
    .toString('latin1')
    .replace(/[^\x20-\x7e]/g, '.');
}
