const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const TABLE = Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

/** CRC-32 (IEEE 802.3) of ASCII text. */
export function crc32(text: string): number {
  let value = 0xffffffff;
  for (let index = 0; index < text.length; index += 1) {
    value = (value >>> 8) ^ (TABLE[(value ^ text.charCodeAt(index)) & 0xff] ?? 0);
  }
  return (value ^ 0xffffffff) >>> 0;
}

/**
 * The last six characters of GitHub's and npm's tokens: the CRC-32 of what stands between prefix and checksum, in base 62.
 * https://github.blog/engineering/behind-githubs-new-authentication-token-formats/
 */
export function base62Checksum(body: string): string {
  let value = crc32(body);
  let text = '';
  for (let place = 0; place < 6; place += 1) {
    text = (BASE62[value % 62] ?? '') + text;
    value = Math.floor(value / 62);
  }
  return text;
}

/** Whether a token `prefix_` + 30 characters + 6 of checksum is one that its provider made. */
export function hasBase62Checksum(secret: string): boolean {
  const body = secret.slice(secret.indexOf('_') + 1);
  return base62Checksum(body.slice(0, -6)) === body.slice(-6);
}
