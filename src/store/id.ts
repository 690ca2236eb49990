import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * A new id: 48 bits of time, 80 random bits, as 26 characters of Crockford's base 32 (the layout of a ULID, in lower
 * case). Sorts by time of making; of two made in the same millisecond either may come first.
 */
export function newId(now: number): string {
  let id = '';
  for (let rest = Math.max(0, Math.floor(now)), n = 0; n < 10; n += 1) {
    id = ALPHABET[rest % 32] + id;
    rest = Math.floor(rest / 32);
  }
  for (const byte of randomBytes(16)) id += ALPHABET[byte % 32];
  return id;
}
