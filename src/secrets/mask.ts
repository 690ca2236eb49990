import { fullScanner } from './scanner.ts';

/** Text with every credential that the rules know replaced by as many `*`; the rest stays as it is. */
export function maskSecrets(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  const { matches } = fullScanner().scan(bytes);
  if (matches.length === 0) return text;
  for (const { start, end, secret } of matches) {
    const at = bytes.subarray(start, end).indexOf(Buffer.from(secret, 'latin1'));
    // A secret of several groups, or an encoded one, does not stand there as such: then all of the match goes.
    const [from, to] = at === -1 ? [start, end] : [start + at, start + at + secret.length];
    for (let index = from; index < to; index += 1) if (isWord(bytes[index] ?? 0)) bytes[index] = 0x2a;
  }
  return bytes.toString('utf8');
}

/** Letters, digits, `+ - . / _ =` and what is not ASCII is a part of a secret; quotes and brackets hold the text together. */
function isWord(byte: number): boolean {
  return (
    byte >= 0x80 ||
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    [0x2b, 0x2d, 0x2e, 0x2f, 0x5f, 0x3d].includes(byte)
  );
}
