import { createHash, randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { Http1Reader } from './http1.ts';
import { readUntil } from './read-until.ts';

const HEAD_MAX = 65_536;
/** RFC 6455, section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Opens a WebSocket and closes it (RFC 6455, section 4): what is wrong as a sentence, and the status of the answer. */
export async function askWebSocket(
  url: URL,
  socket: Socket,
  signal: AbortSignal,
): Promise<{ refusal: string | null; code: number }> {
  const key = randomBytes(16).toString('base64');
  const origin = `${url.protocol === 'wss:' ? 'https' : 'http'}://${url.host}`;
  const lines = [
    `GET ${url.pathname}${url.search} HTTP/1.1`,
    `host: ${url.host}`,
    'connection: Upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    `sec-websocket-key: ${key}`,
    `origin: ${origin}`,
    'user-agent: seaworthy-monitor',
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  const { status, headers } = await readUntil(
    socket,
    HEAD_MAX,
    (seen) => {
      const reader = new Http1Reader('HEAD', 0);
      reader.push(seen);
      return reader.head ?? undefined;
    },
    signal,
  );
  if (status !== 101) return { refusal: `answered ${status}, not 101`, code: status };
  const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');
  if (headers.get('upgrade')?.toLowerCase() !== 'websocket' || headers.get('sec-websocket-accept') !== accept) {
    return { refusal: 'does not take the upgrade as RFC 6455 says', code: status };
  }
  // A masked close frame with 1000, normal closure.
  socket.write(Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8]));
  return { refusal: null, code: status };
}
