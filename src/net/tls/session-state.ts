import { readDer, tagged } from './der.ts';

/** What OpenSSL keeps of a session (ssl/ssl_asn1.c: SSL_SESSION), as Node hands it over. */
export interface SessionState {
  /** The server's ticket; `null` for a session kept by its id. */
  ticket: Uint8Array | null;
  /** Bytes that the next connection may send before the handshake is over (RFC 8446 4.6.1); 0 = none. */
  maxEarlyData: number;
}

/** Context tags of the optional fields. */
const TICKET = 10;
const MAX_EARLY_DATA = 15;

/** Reads a session; `null` for what is none. */
export function readSession(session: Uint8Array): SessionState | null {
  try {
    const root = readDer(session);
    const limit = tagged(root, MAX_EARLY_DATA)?.children[0]?.content ?? new Uint8Array();
    return {
      ticket: tagged(root, TICKET)?.children[0]?.content ?? null,
      maxEarlyData: limit.reduce((value, byte) => value * 256 + byte, 0),
    };
  } catch {
    return null;
  }
}
