import { createHash } from 'node:crypto';
import { bitLength, readStrings } from './ssh-kex/packets.ts';

/** A public key as it goes over the wire (RFC 4253, section 6.6), described. */
export interface PublicKey {
  /** `ssh-ed25519`, `ssh-rsa`, `ecdsa-sha2-nistp256` ... */
  type: string;
  /** Size of the modulus or curve; `null` for types that we do not know. */
  bits: number | null;
  /** As OpenSSH prints it: `SHA256:` and unpadded base64. */
  fingerprint: string;
}

/** Describes a key blob. Never throws: a malformed one has the type `?` and still a fingerprint. */
export function describeKey(blob: Uint8Array): PublicKey {
  const bytes = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
  const fields = readStrings(bytes, 0, 5);
  const type = fields[0]?.toString('latin1').replaceAll(/[^\x21-\x7e]/g, '?') || '?';
  return { type, bits: bitsOf(type, fields), fingerprint: fingerprintOf(bytes) };
}

/**
 * The key that signed a certificate (OpenSSH PROTOCOL.certkeys: nonce, the key's own fields, serial, type, id, principals,
 * validity, options, reserved, signature key, signature); `null` for a plain key.
 */
export function describeAuthority(blob: Uint8Array): PublicKey | null {
  const bytes = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
  const type = readStrings(bytes, 0, 1)[0]?.toString('latin1') ?? '';
  const own = FIELDS_OF_CERTIFIED[type.replace(/-cert-v0[01]@openssh\.com$/, '')];
  if (own === undefined || !type.includes('-cert-')) return null;
  const before = readStrings(bytes, 0, 2 + own);
  let at = before.reduce((sum, field) => sum + 4 + field.length, 0) + 8 + 4; // serial, kind
  const names = readStrings(bytes, at, 2); // id, principals
  at += names.reduce((sum, field) => sum + 4 + field.length, 0) + 16; // valid after, valid before
  const rest = readStrings(bytes, at, 4); // critical options, extensions, reserved, signature key
  return before.length === 2 + own && names.length === 2 && rest[3] ? describeKey(rest[3]) : null;
}

/** How many strings make up the key itself in a certificate. */
const FIELDS_OF_CERTIFIED: Readonly<Record<string, number>> = {
  'ssh-rsa': 2,
  'ssh-dss': 4,
  'ssh-ed25519': 1,
  'ecdsa-sha2-nistp256': 2,
  'ecdsa-sha2-nistp384': 2,
  'ecdsa-sha2-nistp521': 2,
};

export function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

function bitsOf(type: string, fields: readonly Buffer[]): number | null {
  const plain = type.replace(/-cert-v0[01]@openssh\.com$/, '');
  const own = plain === type ? 0 : 1; // a certificate has a nonce before the key
  if (plain === 'ssh-ed25519' || type.startsWith('sk-ssh-ed25519')) return 256;
  if (plain === 'ssh-ed448') return 448;
  const curve = /nistp(256|384|521)/.exec(type);
  if (curve) return Number(curve[1]);
  if (plain === 'ssh-rsa') return sizeOf(fields[2 + own]); // e, n
  if (plain === 'ssh-dss') return sizeOf(fields[1 + own]); // p, q, g, y
  return null;
}

function sizeOf(value: Buffer | undefined): number | null {
  return value && value.length > 0 ? bitLength(value) || null : null;
}
