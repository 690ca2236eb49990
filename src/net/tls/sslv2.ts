import { randomBytes } from 'node:crypto';
import { u8, u16 } from './bytes.ts';

/** SSLv2 cipher kinds by their three-byte code (draft-hickman-netscape-ssl-00, C.4). */
const KINDS: readonly (readonly [code: number, name: string])[] = [
  [0x010080, 'SSL_CK_RC4_128_WITH_MD5'],
  [0x020080, 'SSL_CK_RC4_128_EXPORT40_WITH_MD5'],
  [0x030080, 'SSL_CK_RC2_128_CBC_WITH_MD5'],
  [0x040080, 'SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5'],
  [0x050080, 'SSL_CK_IDEA_128_CBC_WITH_MD5'],
  [0x060040, 'SSL_CK_DES_64_CBC_WITH_MD5'],
  [0x060140, 'SSL_CK_DES_64_CBC_WITH_SHA'],
  [0x0700c0, 'SSL_CK_DES_192_EDE3_CBC_WITH_MD5'],
  [0x0701c0, 'SSL_CK_DES_192_EDE3_CBC_WITH_SHA'],
  [0x080080, 'SSL_CK_RC4_64_WITH_MD5'],
  [0xff8000, 'SSL_CK_DES_64_CFB64_WITH_MD5_1'],
  [0xff8010, 'SSL_CK_NULL'],
  [0x000000, 'SSL_CK_NULL_WITH_MD5'],
];
const NAMES = new Map(KINDS);

/** An SSLv2 CLIENT-HELLO that offers every cipher kind. */
export function sslv2Hello(): Buffer {
  const kinds = Buffer.concat(KINDS.map(([code]) => Buffer.concat([u8(code >> 16), u16(code & 0xffff)])));
  const challenge = randomBytes(16);
  const body = Buffer.concat([u8(1), u16(0x0002), u16(kinds.length), u16(0), u16(challenge.length), kinds, challenge]);
  return Buffer.concat([u16(0x8000 | body.length), body]);
}

export type Sslv2Answer = { kind: 'hello'; ciphers: string[]; certificate: Uint8Array } | { kind: 'refused' };

/** Reads a SERVER-HELLO; anything that is none is a refusal, `undefined` = more is needed. */
export function readSslv2(received: Uint8Array): Sslv2Answer | undefined {
  const [first = 0, second = 0, type] = received;
  if (received.length > 0 && (first & 0x80) === 0) return { kind: 'refused' };
  if (received.length < 3) return undefined;
  if (type !== 4) return { kind: 'refused' };
  const length = ((first & 0x7f) << 8) | second;
  if (received.length < length + 2) return undefined;
  const word = (at: number) => ((received[at] ?? 0) << 8) | (received[at + 1] ?? 0);
  if (length < 11 || word(5) !== 0x0002) return { kind: 'refused' };
  const [certificateLength, kindsLength] = [word(7), word(9)];
  const kindsAt = 13 + certificateLength;
  if (kindsAt + kindsLength > length + 2) return { kind: 'refused' };
  const ciphers: string[] = [];
  for (let at = kindsAt; at + 3 <= kindsAt + kindsLength; at += 3) {
    const code = ((received[at] ?? 0) << 16) | word(at + 1);
    ciphers.push(NAMES.get(code) ?? `0x${code.toString(16).padStart(6, '0')}`);
  }
  return { kind: 'hello', ciphers, certificate: received.subarray(13, kindsAt) };
}
