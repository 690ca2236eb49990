import { fromBER } from 'asn1js';

/** One element of DER. `content` is what follows the length, `whole` includes the header. */
export interface Der {
  tagClass: 'universal' | 'context' | 'other';
  tag: number;
  content: Uint8Array;
  whole: Uint8Array;
  children: readonly Der[];
}

/** Universal tags that certificates use. */
export const TAG = {
  boolean: 1,
  integer: 2,
  bitString: 3,
  octetString: 4,
  oid: 6,
  utf8: 12,
  bmp: 30,
  utcTime: 23,
} as const;

/** Thrown for bytes that are not the structure they should be. */
export class DerError extends Error {
  override readonly name = 'DerError';
}

/** What of asn1js's untyped tree is used. */
interface Block {
  idBlock: { tagClass: number; tagNumber: number; blockLength: number; isConstructed: boolean };
  lenBlock: { blockLength: number };
  valueBlock: { value?: unknown };
  valueBeforeDecodeView: Uint8Array;
}

/** Parses one element and all below it; depth and number of elements are bounded, 10,000 alternative names fit. */
export function readDer(bytes: Uint8Array): Der {
  let parsed: ReturnType<typeof fromBER>;
  try {
    parsed = fromBER(bytes, { maxDepth: 30, maxNodes: 100_000, parseEmbedded: false });
  } catch (thrown) {
    throw new DerError('not ASN.1', { cause: thrown });
  }
  if (parsed.offset < 0) throw new DerError('not ASN.1');
  return toDer(parsed.result as unknown as Block);
}

function toDer(block: Block): Der {
  const whole = block.valueBeforeDecodeView;
  const value = block.idBlock.isConstructed ? block.valueBlock.value : undefined;
  return {
    tagClass: block.idBlock.tagClass === 1 ? 'universal' : block.idBlock.tagClass === 3 ? 'context' : 'other',
    tag: block.idBlock.tagNumber,
    content: whole.subarray(block.idBlock.blockLength + block.lenBlock.blockLength),
    whole,
    children: Array.isArray(value) ? (value as Block[]).map(toDer) : [],
  };
}

/** The child at `index`, which must be there. */
export function child(node: Der, index: number): Der {
  const found = node.children[index];
  if (!found) throw new DerError(`element ${index} is missing`);
  return found;
}

/** The first child with this context tag. */
export function tagged(node: Der, tag: number): Der | undefined {
  return node.children.find((one) => one.tagClass === 'context' && one.tag === tag);
}

/** An OBJECT IDENTIFIER in dotted form (X.690 8.19). */
export function oidOf(node: Der): string {
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const byte of node.content.subarray(0, 128)) {
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    if ((byte & 0x80) !== 0) continue;
    if (arcs.length === 0) {
      const first = arc < 40n ? 0n : arc < 80n ? 1n : 2n;
      arcs.push(first, arc - first * 40n);
    } else arcs.push(arc);
    arc = 0n;
  }
  return arcs.join('.');
}

/** A character string of any of the types that names use. */
export function textOf(node: Der): string {
  if (node.tag === TAG.utf8) return new TextDecoder().decode(node.content);
  if (node.tag === TAG.bmp) {
    let text = '';
    for (let at = 0; at + 1 < node.content.length; at += 2)
      text += String.fromCharCode(((node.content[at] ?? 0) << 8) | (node.content[at + 1] ?? 0));
    return text;
  }
  return Buffer.from(node.content).toString('latin1');
}

/** UTCTime or GeneralizedTime as epoch ms (RFC 5280 4.1.2.5: two-digit years below 50 are 20xx). */
export function timeOf(node: Der): number {
  const text = Buffer.from(node.content).toString('latin1');
  const match = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(?:\.\d+)?(?:Z|([+-])(\d{2})(\d{2}))$/.exec(text);
  if (!match) throw new DerError(`"${text.slice(0, 30)}" is not a time`);
  const [, years = '', month, day, hour, minute, second = '0', sign, offsetHours = '0', offsetMinutes = '0'] = match;
  if ((years.length === 2) !== (node.tag === TAG.utcTime)) throw new DerError(`"${text}" is not a time`);
  const year = Number(years) + (years.length === 4 ? 0 : Number(years) < 50 ? 2000 : 1900);
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000 * (sign === '-' ? -1 : 1);
  const at = Date.UTC(year, Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  return at - offset;
}
