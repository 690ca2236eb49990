import type { Socket } from 'node:net';
import { ALERT } from '../../knowledge/tls/alerts.ts';
import { type Exchange, exchange } from '../tcp.ts';
import type { Asker } from './asker.ts';
import { u8, u16, vector16 } from './bytes.ts';
import { clientHello, type Hello } from './client-hello.ts';
import { MAX_FLIGHT, readFlight } from './server-flight.ts';

const RECORD = { change: 20, alert: 21, handshake: 22 };
/** ChangeCipherSpec before any key has been agreed; a sound server answers with unexpected_message at once. */
const CHANGE = Buffer.from([1]);
/** The start of a ClientKeyExchange of 258 bytes: who still reads in the clear waits for the rest of it. */
const START = Buffer.from([16, 0, 1, 2, 1, 0]);
/** What nobody can take for the rest of it. */
const NONSENSE = Buffer.alloc(64, 0x5a);

/** How long silence is taken for consent. */
const WAIT_MS = 1_000;

/** What a server says that has tried to decrypt: its keys had been changed. */
const DECRYPTED: readonly number[] = [ALERT.badRecordMac, ALERT.decryptionFailed, ALERT.decryptError];

type Say = (type: number, body: Uint8Array) => Promise<Exchange<number>>;

/**
 * CVE-2014-0224, by whether a server takes a ChangeCipherSpec out of turn. Taken in silence, it may have been ignored or
 * obeyed: the start of a message in the clear is waited on by the one and cannot be decrypted by the other. Nothing is
 * done with the keys.
 */
export async function tryCcsInjection(asker: Asker, hello: Hello): Promise<boolean | null> {
  const told = await greeted(asker, hello, async (say) => {
    const first = await say(RECORD.change, CHANGE);
    if (first.end === 'cancelled' || first.end === 'overflow') return null;
    if (first.end !== 'timeout') return false;
    const second = await say(RECORD.handshake, START);
    if (second.end === 'answer') return DECRYPTED.includes(second.value);
    if (second.end === 'timeout') return false;
    return second.end === 'closed' || second.end === 'reset' ? 'hung up' : null;
  });
  if (told !== 'hung up') return told;
  // Some say nothing when decryption fails. That it was no late answer to the ChangeCipherSpec takes a server which waits
  // on the same start without one, and which leaves sooner than that over what it cannot read.
  return greeted(asker, hello, async (say) => {
    if ((await say(RECORD.handshake, START)).end !== 'timeout') return null;
    const { end } = await say(RECORD.change, NONSENSE);
    return end === 'answer' || end === 'closed' || end === 'reset' ? true : null;
  });
}

/** Says hello, then more in records of the version that was agreed on: of another one they would be refused for that. */
async function greeted<T>(asker: Asker, hello: Hello, talk: (say: Say) => Promise<T>): Promise<T | null> {
  const bounds = { signal: asker.signal, maxBytes: MAX_FLIGHT };
  const meet = async (socket: Socket, leftMs: number): Promise<T | null> => {
    const until = (received: Buffer) => readFlight(received);
    const met = await exchange(socket, { ...bounds, send: clientHello(hello), until, timeoutMs: leftMs });
    if (met.end !== 'answer' || met.value.kind !== 'hello') return null;
    const { version } = met.value;
    return talk((type, body) =>
      exchange(socket, {
        ...bounds,
        send: Buffer.concat([u8(type), u16(version), vector16(body)]),
        until: alertIn,
        timeoutMs: WAIT_MS,
      }),
    );
  };
  try {
    return await asker.connected(meet);
  } catch {
    return null;
  }
}

function alertIn(received: Buffer): number | undefined {
  return received.length >= 7 && received[0] === RECORD.alert ? received[6] : undefined;
}
