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
  if (order !== null) return { kind: 'text', bytes: utf16ToUtf8(bytes, order) };
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

/** UTF-16 as UTF-8; half a character at the end is dropped. */
export function utf16ToUtf8(bytes: Buffer, order: 'little' | 'big'): Buffer {
  const whole = bytes.subarray(0, bytes.length & ~1);
  const little = order === 'little' ? whole : Buffer.from(whole).swap16();
  return Buffer.from(little.toString('utf16le'), 'utf8');
}
