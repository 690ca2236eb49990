import type { Rule } from '../rule.ts';
import { sample } from '../sample.ts';

const line = (seed: number) => sample(64, 'base62', seed);
const BODY = [1, 2, 3, 4].map(line).join('\n');
const begin = (kind: string) => `${'-'.repeat(5)}BEGIN ${kind}${'-'.repeat(5)}`;
const end = (kind: string) => `${'-'.repeat(5)}END ${kind}${'-'.repeat(5)}`;
const pem = (kind: string) => `${begin(kind)}\n${BODY}\n${end(kind)}`;

/** What stands between the lines of a PEM block: also escaped (JSON), quoted and joined (source code), indented (YAML). */
const INNER = '(?:[A-Za-z0-9+/= \\t\\r\\n\\\\"\',.:;-]|\\\\[nr])';

/** RFC 7468 and the tools' own labels. The block is bounded: 4096-bit keys take 3.3 kB. */
function pemRule(id: string, title: string, severity: Rule['severity'], label: string, kind: string): Rule {
  return {
    id,
    title,
    severity,
    kind: 'format',
    keywords: [`-----BEGIN ${label}`],
    regex: new RegExp(`(-----BEGIN ${kind}-----(?:${INNER}(?!-----)){120,16000})`, 'y'),
    judge: (secret) => (/[A-Za-z0-9+/]{40}/.test(secret) ? 'secret' : 'no'),
    examples: {
      true: [pem(kind), `key: "${pem(kind).replaceAll('\n', '\\n')}"`],
      false: [`${begin(kind)}\n...\n${end(kind)}`, `const HEAD = '${begin(kind)}';`],
    },
  };
}

/** PuTTY: https://the.earth.li/~sgtatham/putty/latest/htmldoc/AppendixC.html */
export const KEYS: readonly Rule[] = [
  pemRule('private-key-rsa', 'RSA private key', 'critical', 'RSA PRIVATE', 'RSA PRIVATE KEY'),
  pemRule('private-key-ec', 'EC private key', 'critical', 'EC PRIVATE', 'EC PRIVATE KEY'),
  pemRule('private-key-dsa', 'DSA private key', 'critical', 'DSA PRIVATE', 'DSA PRIVATE KEY'),
  pemRule('private-key-openssh', 'OpenSSH private key', 'critical', 'OPENSSH PRIVATE', 'OPENSSH PRIVATE KEY'),
  pemRule('private-key-pkcs8', 'private key', 'critical', 'PRIVATE KEY', 'PRIVATE KEY'),
  pemRule(
    'private-key-encrypted',
    'private key under a passphrase',
    'medium',
    'ENCRYPTED PRIVATE',
    'ENCRYPTED PRIVATE KEY',
  ),
  pemRule('private-key-pgp', 'PGP private key', 'critical', 'PGP PRIVATE', 'PGP PRIVATE KEY BLOCK'),
  {
    id: 'private-key-ssh2',
    title: 'SSH2 private key',
    severity: 'critical',
    kind: 'format',
    keywords: ['---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----'],
    regex: /(---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----[\x20-\x2c\x2e-\x7e\r\n]{100,8000})/y,
    examples: {
      true: [`---- BEGIN SSH2 ${'ENCRYPTED'} PRIVATE KEY ----\n${BODY}`],
      false: [`---- BEGIN SSH2 ${'ENCRYPTED'} PRIVATE KEY ----\n`],
    },
  },
  {
    id: 'private-key-putty',
    title: 'PuTTY private key',
    severity: 'critical',
    kind: 'format',
    keywords: ['PuTTY-User-Key-File-'],
    regex:
      /(PuTTY-User-Key-File-[123]: [\w@.-]{3,40}\r?\n[\x20-\x7e\r\n]{0,12000}?Private-Lines: [0-9]{1,4}\r?\n[A-Za-z0-9+/=\r\n]{20,12000})/y,
    examples: {
      true: [
        `PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: a\nPublic-Lines: 2\n${line(1)}\n${line(2)}\nPrivate-Lines: 1\n${line(3)}\n`,
      ],
      false: ['PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n'],
    },
  },
  {
    id: 'private-key-jwk',
    title: 'private JSON Web Key',
    severity: 'critical',
    kind: 'format',
    keywords: ['"kty"'],
    regex: /"kty"[ \t]{0,8}:[ \t]{0,8}"(?:RSA|EC|OKP)"[^{}]{0,2000}?"d"[ \t]{0,8}:[ \t]{0,8}"([\w-]{40,800})"/y,
    examples: {
      true: [`{"kty":"EC","crv":"P-256","x":"${sample(43)}","d":"${sample(43, 'base62', 2)}"}`],
      false: [`{"kty":"EC","crv":"P-256","x":"${sample(43)}","y":"${sample(43, 'base62', 2)}"}`],
    },
  },
  {
    id: 'private-key-wireguard',
    title: 'WireGuard private key',
    severity: 'critical',
    kind: 'context',
    keywords: ['PrivateKey', 'PresharedKey'],
    regex: /(?:PrivateKey|PresharedKey)[ \t]{0,8}=[ \t]{0,8}([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)/y,
    examples: {
      true: [`[Interface]\nPrivateKey = ${sample(42)}A=`],
      false: ['PrivateKey = <key>', `PublicKey = ${sample(42)}A=`],
    },
  },
  {
    id: 'private-key-ethereum',
    title: 'private key of a wallet',
    severity: 'critical',
    kind: 'context',
    keywords: ['private_key', 'privatekey', 'deployer_key', 'wallet_key'],
    regex:
      /(?:private_key|privatekey|deployer_key|wallet_key)["'`]{0,1}[ \t]{0,8}[:=][ \t]{0,8}["'`]{0,1}((?:0x)?[0-9a-f]{64})(?![0-9a-z])/iy,
    examples: { true: [`PRIVATE_KEY=0x${sample(64, 'hex')}`], false: ['PRIVATE_KEY=0x00', 'private_key=./key.pem'] },
  },
];
