import { createHash } from 'node:crypto';

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
  const fields = readStrings(bytes, 5);
  const type = fields[0]?.toString('latin1').replaceAll(/[^\x21-\x7e]/g, '?') || '?';
  return { type, bits: bitsOf(type, fields), fingerprint: fingerprintOf(bytes) };
}

export function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

function bitsOf(type: string, fields: readonly Buffer[]): number | null {
  if (type === 'ssh-ed25519' || type === 'sk-ssh-ed25519@openssh.com') return 256;
  if (type === 'ssh-ed448') return 448;
  const curve = /nistp(256|384|521)/.exec(type);
  if (curve) return Number(curve[1]);
  if (type === 'ssh-rsa') return mpintBits(fields[2]); // e, n
  if (type === 'ssh-dss') return mpintBits(fields[1]); // p, q, g, y
  return null;
}

function mpintBits(value: Buffer | undefined): number | null {
  if (!value) return null;
  const first = value.findIndex((byte) => byte !== 0);
  if (first < 0) return null;
  return (value.length - first - 1) * 8 + (32 - Math.clz32(value[first] ?? 0));
}

function readStrings(bytes: Buffer, most: number): Buffer[] {
  const fields: Buffer[] = [];
  let at = 0;
  while (fields.length < most && at + 4 <= bytes.length) {
    const length = bytes.readUInt32BE(at);
    if (at + 4 + length > bytes.length) break;
    fields.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return fields;
}
