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
  /** The identification line as soon as it is there. */
  readonly banner: string | null;
  /** Why the bytes are no SSH. */
  readonly problem: string | null;
}

// RFC 4253, 4.2: an identification is at most 255 bytes; lines before it are allowed, and their number is not limited there.
const MAX_PREAMBLE = 8_192;
// RFC 4253, 6.1: every implementation must take 35000 bytes; a KEXINIT is far smaller.
const MAX_PACKET = 35_000;
const MSG_DISCONNECT = 1;
const MSG_IGNORE = 2;
const MSG_DEBUG = 4;
const MSG_KEXINIT = 20;
const LISTS = 10;

export function helloReader(): HelloReader {
  let held: Buffer = Buffer.alloc(0);
  let banner: string | null = null;
  let hello: ServerHello | null = null;
  let problem: string | null = null;

  function fail(why: string): 'not-ssh' {
    problem = why;
    held = Buffer.alloc(0);
    return 'not-ssh';
  }

  function readBanner(): 'found' | 'more' | 'not-ssh' {
    for (;;) {
      const newline = held.indexOf(10);
      if (newline < 0) {
        return held.length > MAX_PREAMBLE ? fail('it sends no SSH identification line') : 'more';
      }
      const line = held.subarray(0, newline).toString('latin1').replace(/\r$/, '');
      held = held.subarray(newline + 1);
      if (line.startsWith('SSH-')) {
        banner = printable(line.slice(0, 255));
        return 'found';
      }
      preamble += newline + 1;
      if (preamble > MAX_PREAMBLE) return fail('it sends no SSH identification line');
    }
  }
  let preamble = 0;

  function readPacket(): 'more' | 'done' | 'not-ssh' {
    while (held.length >= 6) {
      const length = held.readUInt32BE(0);
      const padding = held[4] ?? 0;
      if (length < 2 || length > MAX_PACKET || padding + 1 > length) return fail('its first packet is malformed');
      if (held.length < 4 + length) return 'more';
      const payload = held.subarray(5, 4 + length - padding);
      held = held.subarray(4 + length);
      const type = payload[0];
      if (type === MSG_IGNORE || type === MSG_DEBUG) continue;
      if (type === MSG_DISCONNECT) return fail('it disconnected before the key exchange');
      if (type !== MSG_KEXINIT) return fail(`it sent message ${type} instead of KEXINIT`);
      const lists = readLists(payload);
      if (!lists || banner === null) return fail('its KEXINIT is malformed');
      hello = toHello(banner, lists);
      return 'done';
    }
    return 'more';
  }

  return {
    push(chunk) {
      if (problem !== null) return 'not-ssh';
      if (hello) return 'done';
      held = held.length === 0 ? Buffer.from(chunk) : Buffer.concat([held, chunk]);
      if (banner === null) {
        const found = readBanner();
        if (found !== 'found') return found;
        // Protocol 1 has no KEXINIT; 1.99 means both (RFC 4253, 5.1).
        if (!/^SSH-(?:2\.0|1\.99)-/.test(banner ?? '')) return fail(`it speaks another protocol version: ${banner}`);
      }
      return readPacket();
    },
    get hello() {
      return hello;
    },
    get banner() {
      return banner;
    },
    get problem() {
      return problem;
    },
  };
}

/** The ten name-lists of a KEXINIT payload; `null` where it is malformed. */
function readLists(payload: Buffer): string[][] | null {
  const lists: string[][] = [];
  let at = 17; // message number and cookie
  for (let index = 0; index < LISTS; index++) {
    if (at + 4 > payload.length) return null;
    const length = payload.readUInt32BE(at);
    at += 4;
    if (at + length > payload.length) return null;
    const text = payload.subarray(at, at + length).toString('latin1');
    at += length;
    lists.push(text === '' ? [] : text.split(',').map(printable));
  }
  return lists;
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

/** Identifications and names are printable US-ASCII (RFC 4251, section 6); anything else is made visible, not passed on. */
function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?');
}
