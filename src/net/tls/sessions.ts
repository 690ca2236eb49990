import type { TlsFeatureFacts } from '../../core/facts/tls.ts';
import type { HandshakeOptions, HandshakeResult } from './handshake.ts';
import { readSession } from './session-state.ts';

export interface Sessions extends Pick<TlsFeatureFacts, 'clientRenegotiation'> {
  /** A ticket of a session up to TLS 1.2. */
  ticket: Uint8Array | null;
  /** Whether a session is resumed: one more handshake, for where nothing else has told. */
  resume(): Promise<boolean | null>;
}

/**
 * Whether clients may renegotiate and resume, by two handshakes of Node's OpenSSL: one up to TLS 1.2, which asks for a
 * renegotiation and keeps the session, and one that hands the session in. Where only TLS 1.3 is spoken there is nothing to
 * renegotiate and its own session is tried.
 */
export async function trySessions(
  shake: (more: Partial<HandshakeOptions>) => Promise<HandshakeResult>,
): Promise<Sessions> {
  const older = await shake({ maxVersion: 'TLSv1.2', renegotiate: true });
  const first = older.ok ? older : await shake({ awaitSession: true });
  const clientRenegotiation = older.ok ? older.renegotiated : null;
  const ticket = older.ok && older.session ? (readSession(older.session)?.ticket ?? null) : null;
  const resume = async (): Promise<boolean | null> => {
    if (!first.ok) return null;
    if (!first.session) return false;
    const again = await shake({ session: first.session, ...(older.ok ? { maxVersion: 'TLSv1.2' } : {}) });
    return again.ok ? again.resumed : null;
  };
  return { clientRenegotiation, ticket, resume };
}
