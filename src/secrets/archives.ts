import { gunzipSync, inflateRawSync } from 'node:zlib';

/** A content within another. */
export interface Part {
  /** How it is told apart: the name of the entry, the cell, the source file. */
  name: string;
  bytes: Buffer;
}

/** What may still be unpacked. Sizes that an archive states are not believed: they are what a bomb lies about. */
export interface Room {
  bytes: number;
  entries: number;
  /** Why something was left packed. */
  missed: Set<string>;
}

const MAX_NAME = 400;

/** The entries of a gzip, zip (jar, whl, docx ...) or tar content; `null` for anything else. */
export function archiveParts(bytes: Buffer, room: Room): Iterable<Part> | null {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8) return gzipParts(bytes, room);
  if (bytes.length > 30 && bytes.readUInt32LE(0) === 0x04034b50) return zipParts(bytes, room);
  if (bytes.length >= 512 && bytes.toString('latin1', 257, 262) === 'ustar') return tarParts(bytes, room);
  return null;
}

function* gzipParts(bytes: Buffer, room: Room): Generator<Part> {
  const unpacked = inflate(() => gunzipSync(bytes, { maxOutputLength: Math.max(1, room.bytes) }), room);
  if (unpacked) yield { name: '', bytes: unpacked };
}

/** PKWARE APPNOTE 4.3.12: the directory at the end says where everything is. */
function* zipParts(bytes: Buffer, room: Room): Generator<Part> {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end === -1 || end + 22 > bytes.length) {
    room.missed.add('an archive that is cut off');
    return;
  }
  let at = bytes.readUInt32LE(end + 16);
  while (at + 46 <= bytes.length && bytes.readUInt32LE(at) === 0x02014b50) {
    if (!enter(room)) return;
    const [flags, method] = [bytes.readUInt16LE(at + 8), bytes.readUInt16LE(at + 10)];
    const size = bytes.readUInt32LE(at + 20);
    const local = bytes.readUInt32LE(at + 42);
    const nameEnd = at + 46 + bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + 46, Math.min(nameEnd, at + 46 + MAX_NAME));
    at = nameEnd + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    if (name.endsWith('/') || size === 0) continue;
    if ((flags & 1) !== 0) {
      room.missed.add('an entry of an archive under a password');
      continue;
    }
    if (local + 30 > bytes.length || bytes.readUInt32LE(local) !== 0x04034b50) {
      room.missed.add('an archive that does not fit its directory');
      continue;
    }
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(start, start + size);
    const unpacked =
      method === 0
        ? take(packed, room)
        : method === 8
          ? inflate(() => inflateRawSync(packed, { maxOutputLength: Math.max(1, room.bytes) }), room)
          : null;
    if (method !== 0 && method !== 8) room.missed.add('an entry of an archive that is packed in an unusual way');
    if (unpacked) yield { name, bytes: unpacked };
  }
}

/** POSIX ustar with the long names of pax and GNU. */
function* tarParts(bytes: Buffer, room: Room): Generator<Part> {
  let longName = '';
  for (let at = 0; at + 512 <= bytes.length && bytes[at] !== 0; ) {
    if (!enter(room)) return;
    const header = bytes.subarray(at, at + 512);
    const size = Number.parseInt(field(header, 124, 136).trim() || '0', 8);
    if (!Number.isSafeInteger(size) || size < 0) {
      room.missed.add('an archive that is damaged');
      return;
    }
    const type = field(header, 156, 157);
    const content = bytes.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
    if (type === 'L') longName = field(content, 0, MAX_NAME);
    else if (type === 'x') longName = /\d+ path=([^\n]{1,400})/.exec(content.toString('utf8', 0, 4_096))?.[1] ?? '';
    else {
      const prefix = field(header, 345, 500);
      const name = longName || (prefix === '' ? '' : `${prefix}/`) + field(header, 0, 100);
      longName = '';
      const taken = (type === '' || type === '0') && size > 0 ? take(content, room) : null;
      if (taken) yield { name, bytes: taken };
    }
  }
}

function field(bytes: Buffer, from: number, to: number): string {
  const end = bytes.indexOf(0, from);
  return bytes.toString('utf8', from, end === -1 ? to : Math.min(end, to));
}

function enter(room: Room): boolean {
  room.entries -= 1;
  if (room.entries < 0) room.missed.add('not fully scanned: an archive with too many entries');
  return room.entries >= 0;
}

function take(bytes: Buffer, room: Room): Buffer | null {
  if (bytes.length > room.bytes) {
    room.missed.add('not fully scanned: an archive that is too large unpacked');
    return null;
  }
  room.bytes -= bytes.length;
  return bytes;
}

function inflate(unpack: () => Buffer, room: Room): Buffer | null {
  try {
    return take(unpack(), room);
  } catch (thrown) {
    const bomb = thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_BUFFER_TOO_LARGE';
    room.missed.add(bomb ? 'not fully scanned: an archive that is too large unpacked' : 'an archive that is damaged');
    if (bomb) room.bytes = 0;
    return null;
  }
}
