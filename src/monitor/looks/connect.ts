import type { X509Certificate } from 'node:crypto';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, rootCertificates, type SecureContext, TLSSocket } from 'node:tls';

/** A socket, and how long each part of making it took, ms. */
export interface Connected {
  socket: Socket;
  connectMs: number;
  tlsMs: number | null;
  /** Epoch ms; `null` without TLS. */
  certificateNotAfter: number | null;
}

export interface ConnectTo {
  host: string;
  addresses: readonly string[];
  port: number;
  /** `ca`: extra trust anchors, PEM. `null` = no TLS. */
  tls: { ca: readonly string[]; alpn?: string | null } | null;
}

/** Of a name with many addresses, so many are tried. */
const ADDRESSES_MAX = 8;
/** An address that is silent for this long is left for the next; the last one has all the time there is. */
const NEXT_AFTER_MS = 2_000;

/**
 * Connects to the first of the addresses that answers, one after the other (the signal bounds all of it), and shakes
 * hands where TLS is asked for: always in full, for a resumed session would show no certificate. It must be valid for
 * the name: what no browser opens is not up.
 */
export async function connect(to: ConnectTo, signal: AbortSignal, clock: () => number): Promise<Connected> {
  const started = clock();
  let failure: unknown = new Error('the name has no address');
  const addresses = to.addresses.length > ADDRESSES_MAX ? to.addresses.slice(0, ADDRESSES_MAX) : to.addresses;
  for (let index = 0; index < addresses.length; index += 1) {
    signal.throwIfAborted();
    const patience = index < addresses.length - 1 ? NEXT_AFTER_MS : 0;
    try {
      return await opened(to, addresses[index] ?? '', started, patience, signal, clock);
    } catch (thrown) {
      failure = thrown;
      // The peer is there and does not convince: another address of the name must not cover that up.
      if (thrown instanceof HandshakeError) throw thrown.cause;
    }
  }
  throw failure;
}

class HandshakeError extends Error {}

function opened(
  to: ConnectTo,
  host: string,
  started: number,
  patienceMs: number,
  signal: AbortSignal,
  clock: () => number,
): Promise<Connected> {
  return new Promise((resolve, reject) => {
    const socket = to.tls ? secure(to, host, to.tls) : connectTcp({ host, port: to.port, noDelay: true });
    let connectedAt: number | null = null;
    const timer = patienceMs > 0 ? setTimeout(() => fail(new Error(`${host} does not answer`)), patienceMs) : null;
    const settle = (): void => {
      if (timer) clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.off('error', fail).off('close', onClose);
    };
    const fail = (reason: unknown): void => {
      settle();
      socket.on('error', () => {}).destroy();
      reject(connectedAt === null || signal.aborted ? reason : new HandshakeError('TLS', { cause: reason }));
    };
    const onAbort = (): void => fail(signal.reason);
    const onClose = (): void => fail(new Error('the connection was closed'));
    socket.once('error', fail).once('close', onClose);
    socket.once('connect', () => {
      if (timer) clearTimeout(timer);
      connectedAt = clock();
      if (to.tls) return;
      settle();
      resolve({ socket, connectMs: connectedAt - started, tlsMs: null, certificateNotAfter: null });
    });
    if (socket instanceof TLSSocket) {
      socket.once('secureConnect', () => {
        const at = clock();
        const shown = judged(socket, bareName(to.host));
        if (typeof shown === 'string') return fail(new Error(shown));
        settle();
        const connectMs = (connectedAt ?? at) - started;
        resolve({ socket, connectMs, tlsMs: at - started - connectMs, certificateNotAfter: shown.notAfter });
      });
    }
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

const bareName = (host: string): string => host.replace(/^\[|\]$/g, '').replace(/\.$/, '');

function secure(to: ConnectTo, host: string, tls: NonNullable<ConnectTo['tls']>): TLSSocket {
  const name = bareName(to.host);
  const socket = connectTls({
    host,
    port: to.port,
    secureContext: contextFor(tls.ca),
    ...(tls.alpn === null ? {} : { ALPNProtocols: [tls.alpn ?? 'http/1.1'] }),
    ...(isIP(name) ? {} : { servername: name }),
    checkServerIdentity: () => undefined, // the name is checked by `judged`
  });
  socket.setNoDelay(true);
  // Node would lay out the whole chain as objects for its own check of the name, a quarter of the cost of a handshake.
  Object.defineProperty(socket, 'getPeerCertificate', { value: () => ({}) });
  return socket;
}

/** What is wrong with the certificate's name as a sentence, or until when it is valid. The chain was verified by TLS itself. */
function judged(socket: TLSSocket, name: string): { notAfter: number | null } | string {
  const certificate: X509Certificate | undefined = socket.getPeerX509Certificate();
  if (!certificate || !socket.authorized) return `the certificate is not trusted: ${socket.authorizationError}`;
  // RFC 9525: the subject's common name is no name of the service.
  const fits = isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name, { subject: 'never' });
  if (fits === undefined) return `the certificate is not for ${name}: ${brief(certificate.subjectAltName)}`;
  const notAfter = Date.parse(certificate.validTo);
  return { notAfter: Number.isFinite(notAfter) ? notAfter : null };
}

function brief(names: string | undefined): string {
  if (names === undefined) return 'it names nobody';
  return `it names ${names.length > 120 ? `${names.slice(0, 117)}...` : names}`;
}

const contexts = new Map<string, SecureContext>();
const CONTEXTS_MAX = 64;

/** Parsing the trust anchors costs more than many handshakes, so it is done once for each set of them. */
function contextFor(ca: readonly string[]): SecureContext {
  const key = ca.join('');
  const known = contexts.get(key);
  if (known) return known;
  if (contexts.size >= CONTEXTS_MAX) contexts.clear();
  const made = createSecureContext(ca.length > 0 ? { ca: [...rootCertificates, ...ca] } : {});
  contexts.set(key, made);
  return made;
}
