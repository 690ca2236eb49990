import { gunzipSync } from 'node:zlib';
import { utf16ToUtf8 } from './decode.ts';

/** A stretch of a content that stands for other text. */
export interface Encoded {
  bytes: Buffer;
  /** Where the stretch lies in the content. */
  start: number;
  end: number;
  /** Where a place in `bytes` comes from, in the content; the beginning of the stretch where that cannot be told. */
  origin(offset: number): number;
}

const MIN_RUN = 32;
const MAX_RUN = 4 * 1024 * 1024;
/** Lines of this length or more are taken for the lines of one encoded text. */
const MIN_WRAPPED = 56;

const IN_RUN = new Uint8Array(256);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_') IN_RUN[char.charCodeAt(0)] = 1;

function inRun(bytes: Uint8Array, at: number): boolean {
  return IN_RUN[bytes[at] as number] === 1;
}

/** Whether the byte at `at` may stand within an encoded stretch, the spaces between its lines included. */
export function mayBeEncoded(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at] as number;
  return IN_RUN[byte] === 1 || byte === 61 || byte === 32 || byte === 9 || byte === 10 || byte === 13;
}

/**
 * Stretches of base64 and hexadecimal that stand for text, or for text under gzip. A stretch that is long enough covers one
 * of every `MIN_RUN` bytes, so that only those have to be looked at: most text is passed over.
 */
export function* encodedRuns(bytes: Uint8Array, from: number, to: number, room: number): Generator<Encoded> {
  let after = from;
  for (let probe = from + MIN_RUN - 1; probe < to; probe += MIN_RUN) {
    if (probe < after || !inRun(bytes, probe)) continue;
    let start = probe;
    while (start > after && inRun(bytes, start - 1)) start -= 1;
    if (bytes[start] === 48 && ((bytes[start + 1] as number) | 32) === 120) start += 2; // 0x
    const limit = Math.min(to, start + MAX_RUN);
    after = lineEnd(bytes, start, limit);
    if (after - start < MIN_RUN) continue;
    const head = Buffer.from(bytes.buffer, bytes.byteOffset + start, MIN_RUN).toString('latin1');
    const hex = /^[0-9a-f]+$/i.test(head);
    // Anything that is text encodes to letters of both cases; most long words do not.
    if (!hex && !(/[A-Z]/.test(head) && /[a-z]/.test(head))) continue;
    const kind = stands(Buffer.from(head, hex ? 'hex' : 'base64'));
    if (kind === null) continue;
    const end = runEnd(bytes, start, limit);
    after = end;
    const run = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
    const raw = hex ? Buffer.from(run.replace(/\s+/g, ''), 'hex') : Buffer.from(run, 'base64');
    const decoded = kind === 'text' ? raw : kind === 'utf16' ? utf16ToUtf8(raw, 'little') : gunzip(raw, room);
    const scale = kind === 'text' ? (end - start) / raw.length : 0;
    yield { bytes: decoded, start, end, origin: (offset) => Math.min(end, start + Math.floor(offset * scale)) };
  }
}

/** The end of a run, over the line breaks and indentation within text that was wrapped into lines. */
function runEnd(bytes: Uint8Array, start: number, limit: number): number {
  let line = start;
  for (;;) {
    const end = lineEnd(bytes, line, limit);
    if (end - line < MIN_WRAPPED) return end;
    let next = end;
    if (bytes[next] === 13) next += 1;
    if (bytes[next] !== 10) return end;
    next += 1;
    while (next < limit && next - end < 40 && (bytes[next] === 32 || bytes[next] === 9)) next += 1;
    if (next >= limit || !inRun(bytes, next)) return end;
    line = next;
  }
}

function lineEnd(bytes: Uint8Array, start: number, limit: number): number {
  let end = start;
  while (end < limit && inRun(bytes, end)) end += 1;
  return end;
}

function stands(head: Uint8Array): 'text' | 'gzip' | 'utf16' | null {
  if (head[0] === 0x1f && head[1] === 0x8b && head[2] === 8) return 'gzip';
  if (head.every(isTextByte)) return 'text';
  // PowerShell's -EncodedCommand is UTF-16.
  const wide = head.length >= 8 && head.every((byte, at) => (at % 2 === 1 ? byte === 0 : isTextByte(byte)));
  return wide ? 'utf16' : null;
}

function isTextByte(byte: number): boolean {
  return byte <= 126 && (byte >= 32 || byte === 9 || byte === 10 || byte === 13);
}

function gunzip(bytes: Buffer, room: number): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: Math.max(1, Math.min(room, 8 * 1024 * 1024)) });
  } catch {
    return Buffer.alloc(0); // not gzip after all, cut off, or a bomb
  }
}

/** What the search for keywords stops at so that escapes are found in the same pass. */
export const ESCAPES = ['%2', '%3', '%4', '%5', '%6', '%7', '\\u00', '\\u{', '\\x', '&#'] as const;
/** Escapes of ASCII that can be seen: nothing else matters to a rule. */
const ESCAPE =
  /%([2-7][0-9a-f])|\\+u00([2-7][0-9a-f])|\\+u\{0{0,4}([2-7][0-9a-f])\}|\\+x([2-7][0-9a-f])|&#x0{0,4}([2-7][0-9a-f]);|&#0{0,3}([3-9][0-9]|1[01][0-9]|12[0-6]);/gi;
const MAX_GAP = 64;
const BEFORE = 64;
const BEHIND = 256;
const MAX_VALUE = 8 * 1024;
const MAX_STRETCH = 64 * 1024;

/**
 * Percent, JavaScript, JSON and HTML escapes around `places` (ascending), with what stands beside them on the line; only
 * those stretches that `wanted` says are to be decoded.
 */
export function* escapedRuns(
  text: string,
  places: readonly number[],
  wanted: (start: number, end: number) => boolean = () => true,
): Generator<Encoded> {
  for (let at = 0; at < places.length; ) {
    const first = places[at] as number;
    let last = first;
    for (; at < places.length; at += 1) {
      const place = places[at] as number;
      if (place - last > MAX_GAP || place - first > MAX_STRETCH || text.slice(last, place).includes('\n')) break;
      last = place;
    }
    const left = text.slice(Math.max(0, first - BEFORE), first);
    const start = first - left.length + left.lastIndexOf('\n') + 1;
    const end = stretchEnd(text, last);
    if (end <= start || !wanted(start, end)) continue;
    const stretch = text.slice(start, end);
    const marks: [decoded: number, original: number][] = [[0, 0]];
    let shorter = 0;
    const decoded = stretch.replace(ESCAPE, (...found: (string | number | undefined)[]) => {
      const [whole = '', ...groups] = found;
      const decimal = groups[5];
      const hex = groups.slice(0, 5).find((group) => typeof group === 'string');
      const code = hex === undefined ? Number(decimal) : Number.parseInt(String(hex), 16);
      const offset = Number(groups[6]);
      shorter += String(whole).length - 1;
      marks.push([offset + String(whole).length - shorter, offset + String(whole).length]);
      return String.fromCharCode(code);
    });
    if (shorter === 0) continue;
    const origin = (offset: number) => {
      let low = 0;
      let high = marks.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((marks[middle] as [number, number])[0] <= offset) low = middle;
        else high = middle - 1;
      }
      const [from, to] = marks[low] as [number, number];
      return Math.min(end, start + to + offset - from);
    };
    yield { bytes: Buffer.from(decoded, 'latin1'), start, end, origin };
  }
}

const ENDS_VALUE = new Uint8Array(256);
for (const char of '\t\n\v\f\r \u00a0"\'`<>') ENDS_VALUE[char.charCodeAt(0)] = 1;

/** Some characters on, then to where a value ends, so that none is cut in two. Never past the line, nor looking for its end far away. */
function stretchEnd(text: string, last: number): number {
  const limit = Math.min(text.length, last + MAX_VALUE);
  let end = last;
  for (; end < limit; end += 1) {
    const code = text.charCodeAt(end);
    if (code === 10 || (end >= last + BEHIND && ENDS_VALUE[code] === 1)) break;
  }
  return end;
}
