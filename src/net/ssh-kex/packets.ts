/** The binary packets of an SSH connection before anything is encrypted (RFC 4253, sections 4.2 and 6). */
export interface PacketReader {
  /** Gives the next bytes; `not-ssh` once they cannot be SSH. */
  push(chunk: Uint8Array): 'more' | 'not-ssh';
  /** The next whole packet's payload, `null` where none is complete. Messages to ignore are passed over. */
  next(): Buffer | null;
  /** The identification line as it was sent, without its end of line; `null` until it is there. */
  readonly identification: Buffer | null;
  /** Why the bytes are no SSH. */
  readonly problem: string | null;
}

// RFC 4253, 4.2: an identification is at most 255 bytes; lines before it are allowed, and their number is not limited there.
const MAX_PREAMBLE = 8_192;
// RFC 4253, 6.1: every implementation must take 35000 bytes; what is read here is far smaller.
const MAX_PACKET = 35_000;

export const MSG = { disconnect: 1, ignore: 2, debug: 4, kexinit: 20 } as const;

export function packetReader(): PacketReader {
  let held: Buffer = Buffer.alloc(0);
  let identification: Buffer | null = null;
  let problem: string | null = null;
  let preamble = 0;

  function fail(why: string): 'not-ssh' {
    problem = why;
    held = Buffer.alloc(0);
    return 'not-ssh';
  }

  function readIdentification(): 'more' | 'not-ssh' {
    for (;;) {
      const newline = held.indexOf(10);
      if (newline < 0) return held.length > MAX_PREAMBLE ? fail('it sends no SSH identification line') : 'more';
      const line = held.subarray(0, held[newline - 1] === 13 ? newline - 1 : newline);
      held = held.subarray(newline + 1);
      if (line.subarray(0, 4).equals(SSH)) {
        identification = Buffer.from(line.subarray(0, 255));
        // Protocol 1 has no KEXINIT; 1.99 means both (RFC 4253, 5.1).
        if (/^SSH-(?:2\.0|1\.99)-/.test(identification.toString('latin1'))) return 'more';
        return fail(`it speaks another protocol version: ${printable(identification.toString('latin1'))}`);
      }
      preamble += newline + 1;
      if (preamble > MAX_PREAMBLE) return fail('it sends no SSH identification line');
    }
  }

  return {
    push(chunk) {
      if (problem !== null) return 'not-ssh';
      held = held.length === 0 ? Buffer.from(chunk) : Buffer.concat([held, chunk]);
      if (identification === null && readIdentification() === 'not-ssh') return 'not-ssh';
      if (identification !== null && held.length >= 6 && !plausible(held)) return fail('its first packet is malformed');
      return 'more';
    },
    next() {
      while (problem === null && identification !== null && held.length >= 6) {
        if (!plausible(held)) {
          fail('its first packet is malformed');
          return null;
        }
        const length = held.readUInt32BE(0);
        if (held.length < 4 + length) return null;
        const payload = held.subarray(5, 4 + length - (held[4] ?? 0));
        held = held.subarray(4 + length);
        if (payload[0] !== MSG.ignore && payload[0] !== MSG.debug) return payload;
      }
      return null;
    },
    get identification() {
      return identification;
    },
    get problem() {
      return problem;
    },
  };
}

const SSH = Buffer.from('SSH-');

function plausible(held: Buffer): boolean {
  const length = held.readUInt32BE(0);
  return length >= 2 && length <= MAX_PACKET && (held[4] ?? 0) + 1 <= length;
}

/** A payload as an unencrypted packet: blocks of 8 bytes, at least 4 of them padding. */
export function packet(payload: Uint8Array): Buffer {
  const padding = 8 - ((payload.length + 5) % 8) + (8 - ((payload.length + 5) % 8) < 4 ? 8 : 0);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(payload.length + padding + 1);
  head[4] = padding;
  return Buffer.concat([head, payload, Buffer.alloc(padding)]);
}

/** RFC 4251, section 5: a string with its length before it. */
export function sshString(value: Uint8Array | string): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'latin1') : value;
  return Buffer.concat([uint32(bytes.length), bytes]);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** An unsigned number as an mpint: no leading zeros but the one that keeps it positive. */
export function mpint(value: Uint8Array): Buffer {
  let from = 0;
  while (from < value.length && value[from] === 0) from += 1;
  const bytes = value.subarray(from);
  return sshString((bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
}

/** Reads the strings of a payload from `at` on, at most `most`; stops where one would go past the end. */
export function readStrings(bytes: Buffer, at: number, most: number): Buffer[] {
  const fields: Buffer[] = [];
  let from = at;
  while (fields.length < most && from + 4 <= bytes.length) {
    const length = bytes.readUInt32BE(from);
    if (from + 4 + length > bytes.length) break;
    fields.push(bytes.subarray(from + 4, from + 4 + length));
    from += 4 + length;
  }
  return fields;
}

/** Bits of an unsigned number. */
export function bitLength(value: Uint8Array): number {
  const first = value.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : (value.length - first - 1) * 8 + (32 - Math.clz32(value[first] ?? 0));
}

/** Identifications and names are printable US-ASCII (RFC 4251, section 6); anything else is made visible, not passed on. */
export function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?');
}
