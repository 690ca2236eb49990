import { exchange } from '../tcp.ts';
import type { Asker } from './asker.ts';
import { u8, u16 } from './bytes.ts';
import { clientHello, type Hello } from './client-hello.ts';
import { MAX_FLIGHT, readFlight } from './server-flight.ts';

/**
 * A heartbeat request of type 1 that claims 16 KiB and brings none (RFC 6520 4): a sound server drops it silently. The
 * record must be of the version agreed on, and the claim larger than the buffer that OpenSSL fills during a handshake.
 */
const request = (version: number) => Buffer.concat([u8(24), u16(version), Buffer.from([0, 3, 1, 0x40, 0])]);
const HEARTBEAT = 24;
const ALERT = 21;
/** How long a server is given to leak; it answers at once or not at all. */
const WAIT_MS = 1_500;

/**
 * CVE-2014-0160, by whether a server answers a heartbeat that claims more than it brings. Asked before keys are agreed;
 * what a vulnerable server sends is not kept.
 */
export async function tryHeartbleed(asker: Asker, hello: Hello): Promise<boolean | null> {
  try {
    return await asker.connected(async (socket, leftMs) => {
      const greeted = await exchange(socket, {
        send: clientHello(hello),
        until: (received) => readFlight(received),
        signal: asker.signal,
        timeoutMs: leftMs,
        maxBytes: MAX_FLIGHT,
      });
      if (greeted.end !== 'answer' || greeted.value.kind !== 'hello') return null;
      const answered = await exchange(socket, {
        send: request(greeted.value.version),
        until: ([type]) => (type === HEARTBEAT || type === ALERT ? type : undefined),
        signal: asker.signal,
        timeoutMs: WAIT_MS,
        maxBytes: 1_024,
      });
      if (answered.end === 'cancelled') return null;
      return answered.end === 'answer' && answered.value === HEARTBEAT;
    });
  } catch {
    return null;
  }
}
