import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

const PREFIX = 'whsec_';

/**
 * The signature of the Standard Webhooks specification: HMAC-SHA256 over `id.timestamp.body`, `v1,` and base64.
 * A secret that begins with `whsec_` is base64 after that; any other is taken as it is.
 */
export function signature(secret: string, id: string, timestamp: string, body: string): string {
  const mac = hmac(sha256, keyOf(secret), utf8ToBytes(`${id}.${timestamp}.${body}`));
  return `v1,${btoa(String.fromCharCode(...mac))}`;
}

function keyOf(secret: string): Uint8Array {
  if (!secret.startsWith(PREFIX)) return utf8ToBytes(secret);
  return Uint8Array.from(atob(secret.slice(PREFIX.length)), (letter) => letter.charCodeAt(0));
}

/** True where the secret can be used as a key: non-empty and, after `whsec_`, base64. */
export function isSecret(secret: string): boolean {
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
  return text !== '' && (!secret.startsWith(PREFIX) || /^[A-Za-z0-9+/]+={0,2}$/.test(text));
}
