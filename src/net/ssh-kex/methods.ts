import {
  createECDH,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  getDiffieHellman,
  randomBytes,
} from 'node:crypto';
import { bitLength, mpint, sshString } from './packets.ts';

/** Our half of a key exchange. */
export interface Half {
  /** Ours as it stands in the packet and in the exchange hash: a string or an mpint. */
  own: Buffer;
  /** The peer's half in the form of the exchange hash. */
  encodePeer(peer: Buffer): Buffer;
  /** The shared secret, unsigned; `null` where we gave a half without knowing its secret. */
  secret(peer: Buffer): Buffer | null;
}

/** A key exchange that we can carry out far enough to see a host key and, but for the hybrids, to check its signature. */
export interface KexMethod {
  name: string;
  hash: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  /** Whether the group is asked for first (RFC 4419). */
  gex: boolean;
  start(group?: { p: Buffer; g: Buffer }): Half;
}

const X25519_PREFIX = Buffer.from('302a300506032b656e032100', 'hex');

function curve25519(): Half {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  const own = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return {
    own: sshString(own),
    encodePeer: sshString,
    secret: (peer) => {
      if (peer.length !== 32) return null;
      const key = createPublicKey({ key: Buffer.concat([X25519_PREFIX, peer]), format: 'der', type: 'spki' });
      return diffieHellman({ privateKey, publicKey: key });
    },
  };
}

const ecdh = (curve: string) => (): Half => {
  const ours = createECDH(curve);
  return { own: sshString(ours.generateKeys()), encodePeer: sshString, secret: (peer) => ours.computeSecret(peer) };
};

/**
 * A group by exponentiation of our own: OpenSSL would first prove that the modulus is prime, a quarter of a second for a
 * number that a stranger sends. The exponent is short, because nothing is ever encrypted with what comes of it.
 */
function finiteField(p: bigint, g: bigint): Half {
  const exponent = toBigInt(randomBytes(20));
  return {
    own: mpint(toBytes(power(g, exponent, p))),
    encodePeer: mpint,
    secret: (peer) => toBytes(power(toBigInt(peer), exponent, p)),
  };
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
}

function toBytes(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

const group = (modp: string) => (): Half => finiteField(toBigInt(getDiffieHellman(modp).getPrime()), 2n);

const exchange = (given?: { p: Buffer; g: Buffer }): Half => {
  if (!given) throw new Error('the group has to be asked for first');
  if (bitLength(given.p) < 2 || bitLength(given.p) > 8_192) throw new Error('its group has no size that may be used');
  return finiteField(toBigInt(given.p), toBigInt(given.g));
};

/**
 * A hybrid with a lattice half of zeros, which is well-formed: the server answers with its host key and a signature that
 * cannot be checked, because the shared secret is not known.
 */
const blind = (latticeBytes: number, classic: () => Half) => (): Half => {
  const half = classic();
  const own = Buffer.concat([Buffer.alloc(latticeBytes), half.own.subarray(4)]);
  return { own: sshString(own), encodePeer: sshString, secret: () => null };
};

/** Cheapest first; what cannot prove the key is last. */
export const KEX_METHODS: readonly KexMethod[] = [
  { name: 'curve25519-sha256', hash: 'sha256', gex: false, start: curve25519 },
  { name: 'curve25519-sha256@libssh.org', hash: 'sha256', gex: false, start: curve25519 },
  { name: 'ecdh-sha2-nistp256', hash: 'sha256', gex: false, start: ecdh('prime256v1') },
  { name: 'ecdh-sha2-nistp384', hash: 'sha384', gex: false, start: ecdh('secp384r1') },
  { name: 'ecdh-sha2-nistp521', hash: 'sha512', gex: false, start: ecdh('secp521r1') },
  { name: 'diffie-hellman-group14-sha256', hash: 'sha256', gex: false, start: group('modp14') },
  { name: 'diffie-hellman-group14-sha1', hash: 'sha1', gex: false, start: group('modp14') },
  { name: 'diffie-hellman-group1-sha1', hash: 'sha1', gex: false, start: group('modp2') },
  { name: 'diffie-hellman-group15-sha512', hash: 'sha512', gex: false, start: group('modp15') },
  { name: 'diffie-hellman-group16-sha512', hash: 'sha512', gex: false, start: group('modp16') },
  { name: 'diffie-hellman-group-exchange-sha256', hash: 'sha256', gex: true, start: exchange },
  { name: 'diffie-hellman-group-exchange-sha1', hash: 'sha1', gex: true, start: exchange },
  { name: 'diffie-hellman-group17-sha512', hash: 'sha512', gex: false, start: group('modp17') },
  { name: 'diffie-hellman-group18-sha512', hash: 'sha512', gex: false, start: group('modp18') },
  { name: 'mlkem768x25519-sha256', hash: 'sha256', gex: false, start: blind(1184, curve25519) },
  { name: 'mlkem768nistp256-sha256', hash: 'sha256', gex: false, start: blind(1184, ecdh('prime256v1')) },
  { name: 'mlkem1024nistp384-sha384', hash: 'sha384', gex: false, start: blind(1568, ecdh('secp384r1')) },
  { name: 'sntrup761x25519-sha512', hash: 'sha512', gex: false, start: blind(1158, curve25519) },
  { name: 'sntrup761x25519-sha512@openssh.com', hash: 'sha512', gex: false, start: blind(1158, curve25519) },
];
