/** Big-endian building blocks of TLS messages (RFC 8446 section 3). */

export function u8(value: number): Buffer {
  return Buffer.from([value & 0xff]);
}

export function u16(value: number): Buffer {
  return Buffer.from([(value >> 8) & 0xff, value & 0xff]);
}

export function u24(value: number): Buffer {
  return Buffer.from([(value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff]);
}

/** A vector with a one-byte length. */
export function vector8(...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([u8(body.length), body]);
}

/** A vector with a two-byte length. */
export function vector16(...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([u16(body.length), body]);
}

/** Reads from bytes that nobody vouches for: past the end it gives zeros and remembers that it did. */
export class Reader {
  private at = 0;
  /** Something was read that was not there. */
  short = false;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  uint(size: 1 | 2 | 3): number {
    let value = 0;
    for (const byte of this.take(size)) value = value * 256 + byte;
    return value;
  }

  take(size: number): Uint8Array {
    if (size > this.left) {
      this.short = true;
      this.at = this.bytes.length;
      return new Uint8Array(0);
    }
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }

  /** The content of a vector whose length takes `size` bytes. */
  vector(size: 1 | 2 | 3): Uint8Array {
    return this.take(this.uint(size));
  }
}
