import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type BareItem,
  type Item,
  isInnerList,
  type Member,
  type Parameters,
  parseDictionary,
  parseItem,
  parseList,
} from '../../src/analysis/structured-field.ts';

/** A vector of httpwg/structured-field-tests; see structured-fields.LICENSE.md beside the file. */
interface Vector {
  file: string;
  name: string;
  raw: string[];
  type: 'item' | 'list' | 'dictionary';
  must_fail?: boolean;
  can_fail?: boolean;
  expected?: unknown;
}

const vectors = readFileSync(new URL('../fixtures/structured-fields.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line): Vector => JSON.parse(line));
const files = [...new Set(vectors.map(({ file }) => file))];

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** Bytes as hexadecimal text: the vectors write them in base32, a field in base64. */
function base32(text: string): string {
  const bits = [...text.replace(/=+$/, '')].map((one) => BASE32.indexOf(one).toString(2).padStart(5, '0')).join('');
  const bytes = bits.slice(0, bits.length - (bits.length % 8)).match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2))).toString('hex');
}

function bare(item: BareItem): unknown {
  if (item.type === 'token') return { __type: 'token', value: item.value };
  if (item.type === 'date') return { __type: 'date', value: item.value };
  if (item.type === 'display') return { __type: 'displaystring', value: item.value };
  if (item.type === 'binary') return { __type: 'binary', value: Buffer.from(item.value, 'base64').toString('hex') };
  return item.value;
}
const withParameters = (value: unknown, parameters: Parameters) => [
  value,
  [...parameters].map(([key, item]) => [key, bare(item)]),
];
const one = ({ item, parameters }: Item) => withParameters(bare(item), parameters);
const member = (value: Member) =>
  isInnerList(value) ? withParameters(value.items.map(one), value.parameters) : one(value);

function read({ raw, type }: Vector): unknown {
  const text = raw.join(', ');
  if (type === 'list') return parseList(text)?.map(member) ?? null;
  if (type === 'item') {
    const item = parseItem(text);
    return item && one(item);
  }
  const members = parseDictionary(text);
  return members && [...members].map(([key, value]) => [key, member(value)]);
}

function expected(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(expected);
  if (typeof value !== 'object' || value === null || !('value' in value && '__type' in value)) return value;
  return value.__type === 'binary' ? { ...value, value: base32(String(value.value)) } : value;
}

describe('the published vectors of structured fields', () => {
  it('are all there', () => expect(vectors).toHaveLength(1_591));

  it.each(files)('%s', (file) => {
    for (const vector of vectors.filter((one) => one.file === file)) {
      const found = read(vector);
      if (vector.must_fail) expect(found, vector.name).toBeNull();
      else if (!vector.can_fail || found !== null) expect(found, vector.name).toEqual(expected(vector.expected));
    }
  });
});
