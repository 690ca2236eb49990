import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { readStrings } from './packets.ts';

const CURVES: Readonly<Record<string, { crv: string; hash: string; bytes: number }>> = {
  'ecdsa-sha2-nistp256': { crv: 'P-256', hash: 'sha256', bytes: 32 },
  'ecdsa-sha2-nistp384': { crv: 'P-384', hash: 'sha384', bytes: 48 },
  'ecdsa-sha2-nistp521': { crv: 'P-521', hash: 'sha512', bytes: 66 },
};
const RSA_HASH: Readonly<Record<string, string>> = {
  'ssh-rsa': 'sha1',
  'rsa-sha2-256': 'sha256',
  'rsa-sha2-512': 'sha512',
};

/**
 * Whether `signature` (RFC 4253, section 6.6) over `data` was made with the private half of `blob`. `null` where this
 * type of key cannot be checked here.
 */
export function proves(blob: Buffer, signature: Buffer, data: Buffer): boolean | null {
  const [algorithm, value] = readStrings(signature, 0, 2);
  const fields = readStrings(blob, 0, 5);
  const type = fields[0]?.toString('latin1') ?? '';
  if (!algorithm || !value) return false;
  const name = algorithm.toString('latin1');
  try {
    if (type === 'ssh-ed25519' || type === 'ssh-ed448') {
      const crv = type === 'ssh-ed25519' ? 'Ed25519' : 'Ed448';
      return verify(null, data, jwk({ kty: 'OKP', crv, x: base64url(fields[1]) }), value);
    }
    if (type === 'ssh-rsa') {
      const hash = RSA_HASH[name];
      if (hash === undefined) return null;
      return verify(hash, data, jwk({ kty: 'RSA', e: base64url(fields[1]), n: base64url(unsigned(fields[2])) }), value);
    }
    const curve = CURVES[type];
    const point = fields[2];
    if (curve && point?.[0] === 4 && point.length === 1 + 2 * curve.bytes) {
      const [x, y] = [point.subarray(1, 1 + curve.bytes), point.subarray(1 + curve.bytes)];
      const key = jwk({ kty: 'EC', crv: curve.crv, x: base64url(x), y: base64url(y) });
      const pair = readStrings(value, 0, 2).map((part) => fixed(part, curve.bytes));
      return verify(curve.hash, data, { key, dsaEncoding: 'ieee-p1363' }, Buffer.concat(pair));
    }
    return null;
  } catch {
    return false; // a key or signature that OpenSSL cannot read proves nothing
  }
}

function jwk(key: Record<string, string>): KeyObject {
  return createPublicKey({ key, format: 'jwk' });
}

function base64url(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('base64url');
}

function unsigned(bytes: Buffer | undefined): Buffer | undefined {
  return bytes?.[0] === 0 ? bytes.subarray(1) : bytes;
}

function fixed(part: Buffer, bytes: number): Buffer {
  const value = part.subarray(Math.max(0, part.length - bytes));
  return Buffer.concat([Buffer.alloc(bytes - value.length), value]);
}
