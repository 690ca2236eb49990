/** Structured fields, RFC 9651: the strict grammar of newer headers. A value that does not parse is ignored by browsers. */

export type BareItem =
  | { type: 'integer' | 'decimal' | 'date'; value: number }
  | { type: 'string' | 'token' | 'display'; value: string }
  | { type: 'binary'; value: string }
  | { type: 'boolean'; value: boolean };
export type Parameters = ReadonlyMap<string, BareItem>;
export interface Item {
  item: BareItem;
  parameters: Parameters;
}
export interface InnerList {
  items: readonly Item[];
  parameters: Parameters;
}
export type Member = Item | InnerList;

/** RFC 9651 4.2: an item; `null` where the text is not one. Lines are joined with commas, so two lines never are one item. */
export function parseItem(text: string): Item | null {
  return run(text, (reader) => reader.item());
}

/** RFC 9651 4.2.1. */
export function parseList(text: string): Member[] | null {
  return run(text, (reader) => reader.list());
}

/** RFC 9651 4.2.2: keys in order; of equal keys the last counts, in the place of the first. */
export function parseDictionary(text: string): Map<string, Member> | null {
  return run(text, (reader) => reader.dictionary());
}

export function isInnerList(member: Member): member is InnerList {
  return 'items' in member;
}

class Malformed extends Error {}

function run<T>(text: string, read: (reader: Reader) => T): T | null {
  const reader = new Reader(text);
  try {
    reader.skip(/ */y);
    const result = read(reader);
    reader.skip(/ */y);
    return reader.atEnd() ? result : null;
  } catch (thrown) {
    if (thrown instanceof Malformed) return null;
    throw thrown;
  }
}

const KEY = /[a-z*][a-z0-9_.*-]*/y;
const TOKEN = /[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]*/y;
const NUMBER = /-?(\d+)(?:\.(\d+))?/y;
const STRING = /"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"/y;
const BINARY = /:([A-Za-z0-9+/]*={0,2}):/y;
const DISPLAY = /%"((?:[\x20-\x21\x23\x24\x26-\x7e]|%[0-9a-f]{2})*)"/y;

/** A cursor over the text; every step moves forward, so reading is linear. */
class Reader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  atEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** The match of a sticky pattern here, moving past it. */
  take(pattern: RegExp): RegExpExecArray {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (!match) throw new Malformed();
    this.at = pattern.lastIndex;
    return match;
  }

  skip(pattern: RegExp): void {
    this.take(pattern);
  }

  private next(): string {
    return this.text[this.at] ?? '';
  }

  private accept(character: string): boolean {
    if (this.next() !== character) return false;
    this.at += 1;
    return true;
  }

  list(): Member[] {
    const members: Member[] = [];
    while (!this.atEnd()) {
      members.push(this.member());
      if (!this.separator()) break;
    }
    return members;
  }

  dictionary(): Map<string, Member> {
    const members = new Map<string, Member>();
    while (!this.atEnd()) {
      const [key] = this.take(KEY);
      const member = this.accept('=') ? this.member() : { item: yes(), parameters: this.parameters() };
      members.set(key, member);
      if (!this.separator()) break;
    }
    return members;
  }

  item(): Item {
    return { item: this.bareItem(), parameters: this.parameters() };
  }

  /** Whether another member follows; a trailing comma is malformed. */
  private separator(): boolean {
    this.skip(/[ \t]*/y);
    if (this.atEnd()) return false;
    if (!this.accept(',')) throw new Malformed();
    this.skip(/[ \t]*/y);
    if (this.atEnd()) throw new Malformed();
    return true;
  }

  private member(): Member {
    if (!this.accept('(')) return this.item();
    const items: Item[] = [];
    for (;;) {
      this.skip(/ */y);
      if (this.accept(')')) return { items, parameters: this.parameters() };
      items.push(this.item());
      if (this.next() !== ' ' && this.next() !== ')') throw new Malformed();
    }
  }

  private parameters(): Parameters {
    const parameters = new Map<string, BareItem>();
    while (this.accept(';')) {
      this.skip(/ */y);
      const [key] = this.take(KEY);
      parameters.set(key, this.accept('=') ? this.bareItem() : yes());
    }
    return parameters;
  }

  private bareItem(): BareItem {
    const first = this.next();
    if (first === '"') return { type: 'string', value: (this.take(STRING)[1] ?? '').replace(/\\(.)/g, '$1') };
    if (first === ':') return { type: 'binary', value: this.take(BINARY)[1] ?? '' };
    if (first === '%') return { type: 'display', value: this.display() };
    if (first === '?') return { type: 'boolean', value: this.take(/\?([01])/y)[1] === '1' };
    if (first === '@') return this.date();
    if (/[-0-9]/.test(first)) return this.number();
    return { type: 'token', value: this.take(TOKEN)[0] };
  }

  private number(): BareItem {
    // Adding zero makes 0 of -0.
    const [text, whole = '', fraction] = this.take(NUMBER);
    if (fraction === undefined) {
      if (whole.length > 15) throw new Malformed();
      return { type: 'integer', value: Number(text) + 0 };
    }
    if (whole.length > 12 || fraction.length > 3) throw new Malformed();
    return { type: 'decimal', value: Number(text) + 0 };
  }

  private date(): BareItem {
    this.at += 1;
    const number = this.number();
    if (number.type !== 'integer') throw new Malformed();
    return { type: 'date', value: number.value };
  }

  private display(): string {
    const encoded = this.take(DISPLAY)[1] ?? '';
    try {
      return decodeURIComponent(encoded.replace(/%(?![0-9a-f]{2})/g, '%25'));
    } catch {
      throw new Malformed(); // not UTF-8
    }
  }
}

function yes(): BareItem {
  return { type: 'boolean', value: true };
}
