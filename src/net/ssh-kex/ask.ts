import { createHash, randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { AbsentError } from '../../core/collected.ts';
import { reasonOf } from '../../core/error.ts';
import { openSocket, where } from '../ssh-socket.ts';
import { readHello, type ServerHello } from '../sshwire.ts';
import type { Half, KexMethod } from './methods.ts';
import { bitLength, MSG, mpint, packet, packetReader, readStrings, sshString, uint32 } from './packets.ts';
import { proves } from './signature.ts';

/** RFC 4253, 4.2. A name that an administrator finds in the log and can look up. */
const IDENTIFICATION = 'SSH-2.0-Seaworthy';

/** Sizes in bits, as RFC 4419 asks for a group. */
export interface GroupRequest {
  min: number;
  preferred: number;
  max: number;
}

export interface Question {
  host: string;
  port: number;
  signal: AbortSignal;
  /** For the connection, and again for the answer, ms. */
  timeoutMs: number;
  /** What this server offers, as it said before: its own lists of ciphers and MACs are sent back, nothing is encrypted. */
  offered: ServerHello;
  method: KexMethod;
  /** Host key algorithms to be answered with. */
  hostKeyAlgorithms: readonly string[];
  /** The group to ask for, where the method does that. */
  group?: GroupRequest;
  /** Ends when the group is known, before any key is shown. */
  groupOnly?: boolean;
}

export interface KexAnswer {
  /** Bits of the modulus that was given. */
  groupBits: number | null;
  hostKey: Buffer | null;
  /** Whether the key's owner signed this very exchange; `null` where that cannot be told. */
  proven: boolean | null;
  /** Why there is no (further) answer. */
  refused: string | null;
}

/** One connection as far as the server's host key, in the clear: nobody is named, nothing is encrypted. Throws `AbsentError`. */
export async function ask(question: Question): Promise<KexAnswer> {
  const socket = await openSocket(question, question.signal, question.timeoutMs);
  return converse(socket, question);
}

function converse(socket: Socket, question: Question): Promise<KexAnswer> {
  const { method, group } = question;
  const reader = packetReader();
  const kexInit = kexInitOf(question);
  const answer: KexAnswer = { groupBits: null, hostKey: null, proven: null, refused: null };
  let theirInit: Buffer | null = null;
  let half: Half | null = null;
  let given: { p: Buffer; g: Buffer } | null = null;

  return new Promise((resolve, reject) => {
    const place = where(question);
    const timer = setTimeout(
      () => end(new AbsentError('timeout', `${place} did not answer a key exchange in time`)),
      question.timeoutMs,
    );
    const aborted = () => end(question.signal.reason);
    const end = (problem?: unknown) => {
      clearTimeout(timer);
      question.signal.removeEventListener('abort', aborted);
      socket.destroy();
      if (problem === undefined) resolve(answer);
      else reject(problem);
    };
    const refuse = (why: string) => {
      answer.refused = why;
      end();
    };
    question.signal.addEventListener('abort', aborted, { once: true });
    socket.on('error', (cause) => (theirInit ? refuse(reasonOf(cause)) : end(broken(place, reasonOf(cause)))));
    socket.on('close', () => (theirInit ? refuse('it closed the connection') : end(broken(place, 'it was closed'))));
    socket.on('data', (chunk: Buffer) => {
      try {
        if (reader.push(chunk) === 'not-ssh') return end(broken(place, reader.problem ?? 'no SSH'));
        for (let payload = reader.next(); payload; payload = reader.next()) {
          if (take(payload)) return end();
        }
        if (reader.problem !== null) refuse(reader.problem);
      } catch (thrown) {
        refuse(reasonOf(thrown)); // a half or group that OpenSSL refuses
      }
    });
    socket.write(Buffer.concat([Buffer.from(`${IDENTIFICATION}\r\n`), packet(kexInit)]));
  });

  /** Whether this packet was the last that is needed. */
  function take(payload: Buffer): boolean {
    const type = payload[0];
    if (type === MSG.disconnect) {
      answer.refused =
        payload.length > 9 ? (readStrings(payload, 5, 1)[0]?.toString('latin1').slice(0, 200) ?? '') : '';
      return true;
    }
    if (!theirInit) {
      const hello = readHello(reader.identification ?? Buffer.alloc(0), payload);
      if (typeof hello === 'string') throw new Error(hello);
      theirInit = Buffer.from(payload);
      if (method.gex && group) {
        const sizes = [group.min, group.preferred, group.max].map(uint32);
        socket.write(packet(Buffer.concat([Buffer.of(34), ...sizes])));
      } else {
        half = method.start();
        socket.write(packet(Buffer.concat([Buffer.of(30), half.own])));
      }
      return false;
    }
    if (method.gex && type === 31) {
      const [p, g] = readStrings(payload, 1, 2);
      if (!p || !g) throw new Error('its group is malformed');
      answer.groupBits = bitLength(p);
      if (question.groupOnly) return true;
      given = { p: Buffer.from(p), g: Buffer.from(g) };
      half = method.start(given);
      socket.write(packet(Buffer.concat([Buffer.of(32), half.own])));
      return false;
    }
    if (type === (method.gex ? 33 : 31)) {
      const [key, peer, signature] = readStrings(payload, 1, 3);
      if (!key || !peer || !signature || !half || !theirInit) throw new Error('its reply is malformed');
      answer.hostKey = Buffer.from(key);
      answer.proven = judge(half, key, peer, signature, theirInit);
      return true;
    }
    return false;
  }

  /** The exchange hash of RFC 4253, section 8 (RFC 4419, section 3; RFC 5656, section 4), and whether it is signed. */
  function judge(mine: Half, key: Buffer, peer: Buffer, signature: Buffer, init: Buffer): boolean | null {
    const secret = mine.secret(peer);
    if (!secret) return null;
    const sizes = group && given ? [group.min, group.preferred, group.max].map(uint32) : [];
    const hash = createHash(method.hash).update(
      Buffer.concat([
        sshString(IDENTIFICATION),
        sshString(reader.identification ?? ''),
        sshString(kexInit),
        sshString(init),
        sshString(key),
        ...sizes,
        ...(given ? [mpint(given.p), mpint(given.g)] : []),
        mine.own,
        mine.encodePeer(peer),
        mpint(secret),
      ]),
    );
    return proves(key, signature, hash.digest());
  }
}

function kexInitOf({ offered, method, hostKeyAlgorithms }: Question): Buffer {
  const list = (names: readonly string[]) => sshString(names.join(','));
  return Buffer.concat([
    Buffer.of(MSG.kexinit),
    randomBytes(16),
    list([method.name]),
    list(hostKeyAlgorithms),
    ...[offered.ciphers, offered.ciphers, offered.macs, offered.macs, offered.compression, offered.compression].map(
      list,
    ),
    list([]),
    list([]),
    Buffer.alloc(5),
  ]);
}

function broken(place: string, why: string): AbsentError {
  return new AbsentError('unreachable', `the connection to ${place} broke during the key exchange: ${why}`);
}
