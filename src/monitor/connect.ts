import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, rootCertificates, type TLSSocket } from 'node:tls';

/** A socket, and how long each part of making it took, ms. */
export interface Connected {
  socket: Socket | TLSSocket;
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
  tls: { ca: readonly string[] } | null;
}

/**
 * Connects to the first of the addresses that answers, one after the other (the signal bounds all of it), and shakes
 * hands where TLS is asked for. The certificate must be valid for the name: what no browser opens is not up.
 */
export async function connect(to: ConnectTo, signal: AbortSignal, clock: () => number): Promise<Connected> {
  const started = clock();
  const socket = await firstOf(to.addresses, to.port, signal);
  const connectedAt = clock();
  const connectMs = connectedAt - started;
  if (!to.tls) return { socket, connectMs, tlsMs: null, certificateNotAfter: null };
  const secure = await handshake(socket, to.host, to.tls.ca, signal);
  const notAfter = Date.parse(secure.getPeerCertificate().valid_to);
  const certificateNotAfter = Number.isFinite(notAfter) ? notAfter : null;
  return { socket: secure, connectMs, tlsMs: clock() - connectedAt, certificateNotAfter };
}

async function firstOf(addresses: readonly string[], port: number, signal: AbortSignal): Promise<Socket> {
  let failure: unknown = new Error('the name has no address');
  for (const host of addresses.slice(0, 8)) {
    signal.throwIfAborted();
    try {
      return await opened(connectTcp({ host, port, noDelay: true }), 'connect', signal);
    } catch (thrown) {
      failure = thrown;
    }
  }
  throw failure;
}

function handshake(socket: Socket, host: string, ca: readonly string[], signal: AbortSignal): Promise<TLSSocket> {
  const bare = host.replace(/^\[|\]$/g, '');
  const secure = connectTls({
    socket,
    host: bare,
    ALPNProtocols: ['http/1.1'],
    ...(isIP(bare) ? {} : { servername: bare }),
    ...(ca.length > 0 ? { ca: [...rootCertificates, ...ca] } : {}),
  });
  return opened(secure, 'secureConnect', signal);
}

function opened<S extends Socket>(socket: S, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<S> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      signal.removeEventListener('abort', onAbort);
      socket.off('error', fail).off('close', onClose).off(event, onOpen);
    };
    const fail = (reason: unknown): void => {
      settle();
      socket.on('error', () => {}).destroy();
      reject(reason);
    };
    const onAbort = (): void => fail(signal.reason);
    const onClose = (): void => fail(new Error('the connection was closed'));
    const onOpen = (): void => {
      settle();
      resolve(socket);
    };
    socket.once('error', fail).once('close', onClose).once(event, onOpen);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
