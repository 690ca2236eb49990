import { createHash, createHmac, scryptSync } from 'node:crypto';
import { entropy } from './rarity.ts';
import type { Rule } from './rule.ts';

/**
 * What a leak may be called without being told: the beginning that its format gives away anyway, and the last characters of
 * what is long enough to stay secret without them.
 */
export function redact(secret: string, { kind, keywords }: Pick<Rule, 'kind' | 'keywords'>): string {
  // What other rules look for are names; a password that begins with `password` gives nothing away by its rule.
  const known = (kind === 'format' && keywords.find((word) => secret.startsWith(word))) || '';
  const hidden = secret.length - known.length;
  if (/^-----BEGIN /.test(secret)) return `${/^-----BEGIN [A-Z0-9 ]{1,40}-----/.exec(secret)?.[0] ?? '-----BEGIN'}...`;
  if (hidden >= 20) return `${known}...${secret.slice(-4)} (${secret.length} characters)`;
  if (hidden >= 14) return `${known}...${secret.slice(-2)}`;
  return `${known}(redacted)`;
}

/** Below this many bits a secret could be found by trying; its fingerprint then has to be slow to make. */
const GUESSABLE_BITS = 80;

/**
 * Names secrets by a keyed hash that is the same wherever the secret is found and tells nothing of it: 96 bits of
 * HMAC-SHA-256, over scrypt where the secret may be guessed. A key of one's own makes it useless to outsiders even so.
 */
export function createFingerprinter(key = ''): (secret: string) => string {
  const made = new Map<string, string>();
  const hmacKey = hmacKeyOf(key);
  return (secret) => {
    const known = made.get(secret);
    if (known !== undefined) return known;
    const bits = entropy(secret) * secret.length;
    // The same key stands in a file with line breaks and in a JSON string with `\\n`.
    const plain = secret.startsWith('-----BEGIN') ? secret.replace(/\\+[nr]|[^A-Za-z0-9+/=-]/g, '') : secret;
    const input = bits < GUESSABLE_BITS ? scryptSync(plain, hmacKey, 32, { N: 1_024 }) : Buffer.from(plain, 'latin1');
    const fingerprint = createHmac('sha256', hmacKey).update(input).digest('hex').slice(0, 24);
    made.set(secret, fingerprint);
    return fingerprint;
  };
}

/**
 * The same fingerprint in two halves, so that a host can make the first with `sha256sum` and no secret leaves it: the host
 * hashes `prefix` and the secret, and `finish` makes the fingerprint of that (RFC 2104: HMAC is two hashes, the inner one over
 * the padded key and the text). Only for secrets that nobody can guess: the inner hash is a fast one.
 */
export function fingerprintInHalves(key = ''): { prefix: Buffer; finish(innerHex: string): string } {
  const text = Buffer.from(hmacKeyOf(key));
  const block = Buffer.alloc(64);
  (text.length > 64 ? createHash('sha256').update(text).digest() : text).copy(block);
  const padded = (byte: number) => block.map((one) => one ^ byte);
  return {
    prefix: Buffer.from(padded(0x36)),
    finish: (innerHex) =>
      createHash('sha256').update(padded(0x5c)).update(Buffer.from(innerHex, 'hex')).digest('hex').slice(0, 24),
  };
}

function hmacKeyOf(key: string): string {
  return `seaworthy leak 1:${key}`;
}
