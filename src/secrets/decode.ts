/** What bytes are, from their beginning. */
export type Content =
  | { kind: 'text'; bytes: Buffer }
  | { kind: 'binary'; bytes: Buffer }
  | { kind: 'lfs'; bytes: Buffer };

const SNIFF_BYTES = 8_192;
const LFS = Buffer.from('version https://git-lfs.github.com/spec/');

/** Tells text from binary and turns UTF-16 into UTF-8, so that every rule sees ASCII. */
export function readContent(bytes: Buffer): Content {
  const head = bytes.subarray(0, SNIFF_BYTES);
  if (head.subarray(0, LFS.length).equals(LFS) && bytes.length < 1_024) return { kind: 'lfs', bytes };
  const order = utf16Order(head);
  if (order !== null) return { kind: 'text', bytes: fromUtf16(bytes, order) };
  return head.includes(0) ? { kind: 'binary', bytes } : { kind: 'text', bytes };
}

/** By its mark, or by a NUL as every other byte of what is otherwise ASCII. */
function utf16Order(head: Buffer): 'little' | 'big' | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'little';
  if (head[0] === 0xfe && head[1] === 0xff) return 'big';
  const pairs = Math.min(head.length, 512) >> 1;
  if (pairs < 8) return null;
  let even = 0;
  let odd = 0;
  for (let pair = 0; pair < pairs; pair += 1) {
    if (head[2 * pair] === 0 && head[2 * pair + 1] !== 0) even += 1;
    if (head[2 * pair] !== 0 && head[2 * pair + 1] === 0) odd += 1;
  }
  if (odd > pairs * 0.9) return 'little';
  return even > pairs * 0.9 ? 'big' : null;
}

function fromUtf16(bytes: Buffer, order: 'little' | 'big'): Buffer {
  const whole = bytes.subarray(0, bytes.length & ~1);
  const little = order === 'little' ? whole : Buffer.from(whole).swap16();
  return Buffer.from(little.toString('utf16le'), 'utf8');
}

const MIN_RUN = 32;
const MAX_RUN = 1024 * 1024;
const IN_BASE64 = new Uint8Array(256);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_')
  IN_BASE64[char.charCodeAt(0)] = 1;

/**
 * Stretches of base64 that decode to text, one level deep. Offsets are those of the encoded stretch. A stretch that is long
 * enough covers one of every `MIN_RUN` bytes, so that only those have to be looked at: most text is passed over.
 */
export function* base64Runs(bytes: Uint8Array): Generator<{ bytes: Buffer; start: number; end: number }> {
  let after = 0;
  for (let probe = MIN_RUN - 1; probe < bytes.length; probe += MIN_RUN) {
    if (probe < after || IN_BASE64[bytes[probe] as number] === 0) continue;
    let start = probe;
    while (start > after && IN_BASE64[bytes[start - 1] as number] === 1) start -= 1;
    let end = probe + 1;
    while (end < bytes.length && IN_BASE64[bytes[end] as number] === 1) end += 1;
    after = end;
    if (end - start < MIN_RUN) continue;
    const run = Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.min(end - start, MAX_RUN)).toString('latin1');
    // Anything that is text encodes to letters of both cases; most long words do not.
    const head = run.slice(0, MIN_RUN);
    if (!/[A-Z]/.test(head) || !/[a-z]/.test(head) || !isText(Buffer.from(head, 'base64'))) continue;
    yield { bytes: Buffer.from(run, 'base64'), start, end };
  }
}

function isText(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte > 126 || (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13)) return false;
  return true;
}
