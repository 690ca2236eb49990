import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { connectTcp } from '../tcp.ts';
import { openContext } from './trust-store.ts';

/** Whether what speaks inside TLS is HTTP/1: one HEAD request, certificate not looked at. Never throws. */
export async function handshakeForHttp(
  host: string,
  port: number,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<boolean> {
  const socket = await connectTcp({ host, port, signal, timeoutMs }).catch(() => null);
  if (!socket) return false;
  return new Promise((resolve) => {
    const tls = connect({
      socket,
      secureContext: openContext({ minVersion: 'TLSv1', maxVersion: 'TLSv1.3' }),
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      ALPNProtocols: ['http/1.1'],
      ...(isIP(host) ? {} : { servername: host }),
    });
    let received = '';
    const finish = (http: boolean) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      tls.destroy();
      resolve(http);
    };
    const onAbort = () => finish(false);
    const timer = setTimeout(onAbort, timeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
    tls.on('error', onAbort);
    tls.once('close', onAbort);
    tls.once('secureConnect', () => tls.write(`HEAD / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`));
    tls.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
      if (received.length >= 5) finish(received.startsWith('HTTP/'));
    });
  });
}
