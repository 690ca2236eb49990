import { REGISTERED_SUITES } from './registered-suites.ts';
import { UNREGISTERED_SUITES } from './unregistered-suites.ts';

/** How the key is agreed. `dhe` and `ecdhe` are ephemeral; `dh` and `ecdh` use the certificate's key. */
export type KeyExchange =
  | 'tls13'
  | 'ecdhe'
  | 'dhe'
  | 'rsa'
  | 'ecdh'
  | 'dh'
  | 'psk'
  | 'krb5'
  | 'srp'
  | 'gost'
  | 'null'
  | 'other';

/** What a suite's name says. */
export interface CipherSuite {
  code: number;
  /** IANA name. */
  name: string;
  keyExchange: KeyExchange;
  /** How the server proves who it is. */
  authentication: 'any' | 'rsa' | 'ecdsa' | 'dss' | 'anon' | 'psk' | 'other';
  /** AES, CHACHA20, CAMELLIA, ARIA, 3DES, DES, RC4, RC2, IDEA, SEED, NULL ... */
  cipher: string;
  /** Effective strength of the bulk cipher in bits; 3DES counts 112 (NIST SP 800-57). */
  bits: number;
  mode: 'aead' | 'cbc' | 'stream' | 'null';
  /** md5, sha1, sha256, sha384, sm3 ... of the record MAC, or of the key schedule for AEAD. */
  hash: string;
  export: boolean;
  /** Versions that can carry it. */
  versions: 'tls13' | 'tls12' | 'any';
}

const TLS13 = new Set([0x00c6, 0x00c7, 0xc0b4, 0xc0b5, 0xc103, 0xc104, 0xc105, 0xc106]);

/** All suites by code point. */
export const CIPHER_SUITES: ReadonlyMap<number, CipherSuite> = new Map(
  `${REGISTERED_SUITES}\n${UNREGISTERED_SUITES}`
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [code = '', name = ''] = line.split(' ');
      const suite = describeSuite(Number.parseInt(code, 16), name);
      return [suite.code, suite];
    }),
);

const BY_NAME = new Map([...CIPHER_SUITES.values()].map((suite) => [suite.name, suite]));

/** A suite by its IANA name; an SSLv2 or unknown name is described by what it says. */
export function suiteByName(name: string): CipherSuite {
  return BY_NAME.get(name) ?? describeSuite(-1, name);
}

/** The name of a code point, `0x1234` where it has none. */
export function suiteName(code: number): string {
  return CIPHER_SUITES.get(code)?.name ?? `0x${code.toString(16).padStart(4, '0')}`;
}

function describeSuite(code: number, name: string): CipherSuite {
  const tls13 = (code >= 0x1301 && code <= 0x1307) || TLS13.has(code);
  const [kind, tail] = splitName(name);
  const mode = modeOf(tail);
  const hash = hashOf(tail, mode);
  const psk = /PSK/.test(kind);
  const late = mode === 'aead' || (/^sha(256|384)$/.test(hash) && !psk) || /^(ECCPWD|CECPQ1)/.test(kind);
  return {
    code,
    name,
    keyExchange: tls13 ? 'tls13' : keyExchangeOf(kind),
    authentication: tls13 ? 'any' : authenticationOf(kind),
    cipher: cipherOf(tail),
    bits: bitsOf(tail, kind),
    mode,
    hash,
    export: /EXPORT/.test(name),
    versions: tls13 ? 'tls13' : late ? 'tls12' : 'any',
  };
}

/** Key exchange and bulk cipher as the name writes them; SSLv2 names have the cipher in front and always RSA. */
function splitName(name: string): readonly [kind: string, tail: string] {
  if (name.startsWith('SSL_CK_')) return ['RSA', name.slice('SSL_CK_'.length).replace('_WITH_', '_')];
  const at = name.indexOf('_WITH_');
  if (at === -1) return ['', name.replace(/^TLS_/, '')];
  return [name.slice(0, at).replace(/^(TLS|SSL)_/, ''), name.slice(at + '_WITH_'.length)];
}

function keyExchangeOf(kind: string): KeyExchange {
  if (/^(ECDHE|ECDH_anon|ECCPWD|CECPQ1)/.test(kind)) return 'ecdhe';
  if (/^(DHE|DH_anon|PSK_DHE)/.test(kind)) return 'dhe';
  if (/^ECDH_/.test(kind)) return 'ecdh';
  if (/^DH_/.test(kind)) return 'dh';
  if (/^RSA/.test(kind)) return 'rsa';
  if (/^PSK/.test(kind)) return 'psk';
  if (/^KRB5/.test(kind)) return 'krb5';
  if (/^SRP/.test(kind)) return 'srp';
  if (/^GOST/.test(kind)) return 'gost';
  return kind === 'NULL' ? 'null' : 'other';
}

function authenticationOf(kind: string): CipherSuite['authentication'] {
  if (/anon/.test(kind) || kind === 'NULL' || kind === 'SRP_SHA') return 'anon';
  if (/ECDSA/.test(kind)) return 'ecdsa';
  if (/DSS/.test(kind)) return 'dss';
  if (/RSA/.test(kind)) return 'rsa';
  if (/PSK/.test(kind)) return 'psk';
  return kind === '' ? 'rsa' : 'other';
}

function modeOf(tail: string): CipherSuite['mode'] {
  if (/GCM|CCM|POLY1305|MGM|AEGIS|OCB/.test(tail)) return 'aead';
  if (/CBC|CFB/.test(tail)) return 'cbc';
  return /^NULL|^SHA(256|384)_SHA/.test(tail) ? 'null' : 'stream';
}

function hashOf(tail: string, mode: CipherSuite['mode']): string {
  const found = /_(MD5|SHA512|SHA384|SHA256|SHA|SM3|OMAC|IMIT|GOSTR3411)(?:_\w+)?$/.exec(tail)?.[1]?.toLowerCase();
  if (found === 'sha') return 'sha1';
  return found ?? (mode === 'aead' ? 'sha256' : 'none');
}

function cipherOf(tail: string): string {
  if (/^3DES|DES_192_EDE3/.test(tail)) return '3DES';
  if (/^NULL|^SHA(256|384)_SHA/.test(tail)) return 'NULL';
  return /^(AES|CHACHA20|CAMELLIA|ARIA|DES|RC4|RC2|IDEA|SEED|AEGIS|SM4|KUZNYECHIK|MAGMA|28147)/.exec(tail)?.[1] ?? tail;
}

function bitsOf(tail: string, kind: string): number {
  const cipher = cipherOf(tail);
  if (cipher === 'NULL') return 0;
  if (cipher === '3DES') return 112;
  if (/EXPORT40|_40(?:_|$)/.test(tail) || /EXPORT$/.test(kind)) return 40;
  if (/EXPORT1024/.test(kind) || cipher === 'DES') return 56;
  if (/^(CHACHA20|KUZNYECHIK|MAGMA|28147)/.test(tail)) return 256;
  return Number(/_(64|128|192|256|128L)(?:_|$)/.exec(tail)?.[1]?.replace('L', '') ?? 128);
}
