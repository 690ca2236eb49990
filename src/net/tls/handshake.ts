import { isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect, type SecureVersion, type TLSSocket } from 'node:tls';
import { formatHostPort, toTcpProblem } from '../tcp.ts';
import { openContext } from './trust-store.ts';

/** What one complete handshake of Node's OpenSSL showed. */
export interface Handshake {
  protocol: string;
  /** IANA name. */
  cipher: string;
  /** DER, as sent, leaf first. */
  chain: Buffer[];
  /** OpenSSL's verdict on the chain, `null` where it is trusted. */
  verifyError: string | null;
  /** DER of the OCSP staple. */
  staple: Buffer | null;
  alpn: string | null;
  /** Seen by this handshake: the server resumed the session that was handed in. */
  resumed: boolean;
  /** To hand in next time; `null` where the server gave none before the connection was closed. */
  session: Buffer | null;
  /** The server went along with a renegotiation; `null` where none was asked for. */
  renegotiated: boolean | null;
}

export type HandshakeFailure = 'alert' | 'not-tls' | 'reset' | 'closed' | 'timeout' | 'cancelled' | 'unsupported';

export type HandshakeResult =
  | ({ ok: true } & Handshake)
  | { ok: false; kind: HandshakeFailure; reason: string; code: string };

export interface HandshakeOptions {
  /** For messages. */
  address: string;
  port: number;
  /** Sent as SNI unless it is an address (RFC 6066 3). */
  serverName: string;
  ca?: readonly string[];
  minVersion?: SecureVersion;
  maxVersion?: SecureVersion;
  alpn?: readonly string[];
  /** Signature schemes to offer, by their IANA names; all of OpenSSL's where not given. */
  sigalgs?: readonly string[];
  session?: Buffer;
  /** Wait a little for a session to resume, which TLS 1.3 sends after the handshake. */
  awaitSession?: boolean;
  /** Ask for a renegotiation once connected (up to TLS 1.2). */
  renegotiate?: boolean;
  signal: AbortSignal;
  timeoutMs: number;
}

/** How long a server is given to answer a renegotiation, and at least to send a session after the handshake. */
const RENEGOTIATION_MS = 1_500;
const SESSION_MS = 300;

const NOT_TLS = new Set(['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'ERR_SSL_HTTP_REQUEST']);

/** Shakes hands over a connected socket and closes it. Never throws: certificates are not verified but judged. */
export function handshake(socket: Socket, options: HandshakeOptions): Promise<HandshakeResult> {
  const where = formatHostPort(options.address, options.port);
  const started = performance.now();
  return new Promise((resolve) => {
    let staple: Buffer | null = null;
    let session: Buffer | null = null;
    let tls: TLSSocket | undefined;
    let answerNo: (() => void) | undefined;
    const finish = (result: HandshakeResult) => {
      clearTimeout(timer);
      options.signal.removeEventListener('abort', onAbort);
      tls?.destroy();
      socket.destroy();
      resolve(result);
    };
    const failure = (kind: HandshakeFailure, reason: string, code = '') =>
      finish({ ok: false, kind, reason: `${where}: ${reason}`, code });
    const onAbort = () => failure('cancelled', "the audit's deadline came first");
    const timer = setTimeout(
      () => failure('timeout', `no TLS handshake within ${options.timeoutMs} ms`),
      options.timeoutMs,
    );
    if (options.signal.aborted) return onAbort();
    options.signal.addEventListener('abort', onAbort, { once: true });
    try {
      const settings: ConnectionOptions & { requestOCSP: boolean } = {
        socket,
        secureContext: openContext({
          minVersion: options.minVersion ?? 'TLSv1',
          maxVersion: options.maxVersion ?? 'TLSv1.3',
          ...(options.ca ? { ca: options.ca } : {}),
          ...(options.sigalgs ? { sigalgs: options.sigalgs } : {}),
        }),
        ...(isIP(options.serverName) ? {} : { servername: options.serverName }),
        ...(options.alpn ? { ALPNProtocols: [...options.alpn] } : {}),
        ...(options.session ? { session: options.session } : {}),
        rejectUnauthorized: false,
        requestOCSP: true,
        // The name is judged by a pure function on the certificate; here it would hide the chain's verdict.
        checkServerIdentity: () => undefined,
      };
      tls = connect(settings);
    } catch (thrown) {
      return failure('unsupported', thrown instanceof Error ? thrown.message : String(thrown));
    }
    const socketTls = tls;
    socketTls.on('OCSPResponse', (response: Buffer | null) => {
      staple = response?.length ? response : null;
    });
    socketTls.on('session', (ticket: Buffer) => {
      session ??= ticket;
    });
    socketTls.once('secureConnect', () => {
      const shown = read(socketTls);
      const done = (renegotiated: boolean | null) => finish({ ok: true, ...shown, staple, session, renegotiated });
      if (options.renegotiate) {
        // Whatever the server does instead of a new handshake is a no: an alert, a close, or silence.
        answerNo = () => done(false);
        setTimeout(answerNo, RENEGOTIATION_MS).unref();
        socketTls.renegotiate({ rejectUnauthorized: false }, (error) => done(error === null));
      } else if (options.awaitSession && session === null && shown.protocol === 'TLSv1.3') {
        answerNo = () => done(null);
        socketTls.once('session', () => setImmediate(() => done(null)));
        setTimeout(answerNo, Math.max(SESSION_MS, 4 * (performance.now() - started))).unref();
      } else done(null);
    });
    socketTls.on('error', (error: NodeJS.ErrnoException) => {
      if (answerNo) return answerNo();
      const { kind, reason } = classify(where, error);
      failure(kind, reason, error.code ?? '');
    });
    socketTls.once('close', () => {
      if (answerNo) answerNo();
      else failure('closed', 'the connection was closed during the TLS handshake');
    });
  });
}

function read(tls: TLSSocket): Omit<Handshake, 'staple' | 'session' | 'renegotiated'> {
  const chain: Buffer[] = [];
  let certificate = tls.getPeerX509Certificate();
  // Unlike getPeerCertificate, this walks the certificates in the order of the wire, strangers included.
  while (certificate && chain.length < 32) {
    chain.push(certificate.raw);
    certificate = certificate.issuerCertificate;
  }
  const verifyError: unknown = tls.authorizationError;
  return {
    protocol: tls.getProtocol() ?? '',
    cipher: tls.getCipher()?.standardName ?? '',
    chain,
    verifyError: verifyError ? codeOf(verifyError) : null,
    alpn: typeof tls.alpnProtocol === 'string' ? tls.alpnProtocol : null,
    resumed: tls.isSessionReused(),
  };
}

/** Node types the verdict as an Error; at run time it is the code as text. */
function codeOf(verifyError: unknown): string {
  if (verifyError instanceof Error) return 'code' in verifyError ? String(verifyError.code) : verifyError.message;
  return String(verifyError);
}

function classify(where: string, error: NodeJS.ErrnoException): { kind: HandshakeFailure; reason: string } {
  const code = error.code ?? '';
  if (NOT_TLS.has(code)) return { kind: 'not-tls', reason: 'what answers there is not TLS' };
  if (/ALERT|SSLV3_ALERT|TLSV1/.test(code)) return { kind: 'alert', reason: `refused with ${alertOf(code)}` };
  if (code.startsWith('ERR_SSL_')) return { kind: 'unsupported', reason: `handshake failed: ${alertOf(code)}` };
  // Node gives a plain close the code of a reset.
  if (error.message.includes('disconnected before'))
    return { kind: 'closed', reason: 'the connection was closed during the TLS handshake' };
  const problem = toTcpProblem(where, error);
  if (problem.kind === 'reset') return { kind: 'reset', reason: 'the connection was reset during the TLS handshake' };
  if (problem.kind === 'timeout') return { kind: 'timeout', reason: 'the connection timed out' };
  return { kind: 'closed', reason: 'the connection was closed during the TLS handshake' };
}

function alertOf(code: string): string {
  return code
    .replace(/^ERR_SSL_/, '')
    .replace(/^(SSLV3|TLSV1|TLSV13)_/, '')
    .toLowerCase()
    .replaceAll('_', ' ');
}
