import { MSG, packetReader, printable, readStrings } from './ssh-kex/packets.ts';

/** What an SSH server says before anything is encrypted: its identification and its KEXINIT (RFC 4253, sections 4.2 and 7.1). */
export interface ServerHello {
  /** The identification line, without its end of line: `SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10`. */
  banner: string;
  kex: string[];
  hostKeyAlgorithms: string[];
  ciphers: string[];
  macs: string[];
  compression: string[];
}

/** Takes the server's bytes as they come, until the KEXINIT is complete or the bytes turn out not to be SSH. */
export interface HelloReader {
  /** Gives the next bytes; returns `more` until it has seen enough, for good or ill. */
  push(chunk: Uint8Array): 'more' | 'done' | 'not-ssh';
  readonly hello: ServerHello | null;
  /** Why the bytes are no SSH. */
  readonly problem: string | null;
}

const LISTS = 10;
/** Bytes that may come before a KEXINIT is complete; a peer that talks on without one is not waited for. */
const MAX_BYTES = 70_000;

export function helloReader(): HelloReader {
  const reader = packetReader();
  let hello: ServerHello | null = null;
  let problem: string | null = null;
  let bytes = 0;
  const fail = (why: string): 'not-ssh' => {
    problem = why;
    return 'not-ssh';
  };
  return {
    push(chunk) {
      if (problem !== null) return 'not-ssh';
      if (hello) return 'done';
      bytes += chunk.length;
      if (reader.push(chunk) === 'not-ssh') return fail(reader.problem ?? 'its greeting is malformed');
      const payload = reader.next();
      if (reader.problem !== null) return fail(reader.problem);
      if (!payload) return bytes > MAX_BYTES ? fail('it sends no KEXINIT') : 'more';
      const read = readHello(reader.identification ?? Buffer.alloc(0), payload);
      if (typeof read === 'string') return fail(read);
      hello = read;
      return 'done';
    },
    get hello() {
      return hello;
    },
    get problem() {
      return problem;
    },
  };
}

/** The greeting from a server's identification and its first packet, or what is wrong with that. */
export function readHello(identification: Buffer, payload: Buffer): ServerHello | string {
  const type = payload[0];
  if (type === MSG.disconnect) return 'it disconnected before the key exchange';
  if (type !== MSG.kexinit) return `it sent message ${type} instead of KEXINIT`;
  const fields = readStrings(payload, 17, LISTS); // after message number and cookie
  if (fields.length < LISTS) return 'its KEXINIT is malformed';
  const lists = fields.map((field) => (field.length === 0 ? [] : field.toString('latin1').split(',').map(printable)));
  return toHello(printable(identification.toString('latin1')), lists);
}

/** A direction may offer more than the other: what is weak in either counts, so both are joined. */
function toHello(banner: string, lists: string[][]): ServerHello {
  const join = (one: number, other: number) => [...new Set([...(lists[one] ?? []), ...(lists[other] ?? [])])];
  return {
    banner,
    kex: lists[0] ?? [],
    hostKeyAlgorithms: lists[1] ?? [],
    ciphers: join(2, 3),
    macs: join(4, 5),
    compression: join(6, 7),
  };
}
