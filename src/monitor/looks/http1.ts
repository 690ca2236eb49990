/** Longest head of an answer, and longest line of a chunked body. */
const HEAD_MAX = 32_768;
const LINE_MAX = 1_024;
/** Answers of 1xx before the real one. */
const INTERIM_MAX = 8;

const EMPTY: Buffer = Buffer.alloc(0);

/** The head of an answer. Of a header that comes more than once, the first counts. */
export interface Head {
  status: number;
  headers: ReadonlyMap<string, string>;
}

type Framing =
  | { kind: 'length'; left: number }
  | { kind: 'close' }
  | { kind: 'chunk'; left: number }
  | { kind: 'line' };

/**
 * Reads one answer of HTTP/1.0 or 1.1 (RFC 9112) from a connection that carries nothing else: bounded in head and body,
 * and strict where two readers could disagree (two lengths, unknown transfer codings, chunk sizes that are no numbers).
 */
export class Http1Reader {
  head: Head | null = null;
  /** The answer is whole, or as much of it as is wanted. */
  done = false;
  /** The body was longer than what is read. */
  truncated = false;
  readonly #bodyless: boolean;
  readonly #bodyMax: number;
  readonly #parts: Buffer[] = [];
  #length = 0;
  #pending: Buffer = EMPTY;
  #framing: Framing = { kind: 'close' };
  #interim = 0;

  constructor(method: string, bodyMax: number) {
    this.#bodyless = method === 'HEAD';
    this.#bodyMax = bodyMax;
  }

  get body(): Buffer {
    return this.#parts.length === 1 ? (this.#parts[0] ?? EMPTY) : Buffer.concat(this.#parts);
  }

  /** Takes bytes as they come. Throws where they are no HTTP. */
  push(chunk: Buffer): void {
    if (this.done) return;
    let rest = this.#pending.length > 0 ? Buffer.concat([this.#pending, chunk]) : chunk;
    this.#pending = EMPTY;
    while (!this.head) {
      const end = endOfHead(rest);
      if (end === null || end > HEAD_MAX) {
        if (rest.length > HEAD_MAX) throw new Error(`the headers are longer than ${HEAD_MAX} bytes`);
        if (rest.length >= 5 && rest.toString('latin1', 0, 5) !== 'HTTP/') throw new Error('the answer is not HTTP');
        this.#pending = rest;
        return;
      }
      const head = parseHead(rest.toString('latin1', 0, end));
      rest = rest.subarray(end);
      if (head.status < 200 && head.status !== 101) {
        this.#interim += 1;
        if (this.#interim > INTERIM_MAX) throw new Error('there are too many interim answers');
        continue;
      }
      this.head = head;
      this.#frame(head);
    }
    if (!this.done) this.#take(rest);
  }

  /** The other side has nothing more to say. Throws where the answer is not whole. */
  end(): void {
    if (this.done) return;
    if (!this.head) throw new Error('the connection was closed before there was an answer');
    if (this.#framing.kind !== 'close') throw new Error('the connection was closed in the middle of the body');
    this.done = true;
  }

  #frame({ status, headers }: Head): void {
    const coding = headers.get('transfer-encoding')?.trim().toLowerCase();
    const length = headers.get('content-length')?.trim();
    if (this.#bodyless || status < 200 || status === 204 || status === 304) this.done = true;
    else if (coding === 'chunked') this.#framing = { kind: 'line' };
    else if (coding !== undefined) throw new Error('the body has a transfer coding that nobody asked for');
    else if (length !== undefined) {
      if (!/^\d{1,15}$/.test(length)) throw new Error('the Content-Length is not a number');
      this.#framing = { kind: 'length', left: Number(length) };
      if (Number(length) === 0) this.done = true;
    }
  }

  #take(bytes: Buffer): void {
    let rest = bytes;
    while (!this.done) {
      const framing = this.#framing;
      if (framing.kind === 'line') {
        const end = rest.indexOf(10);
        if (end < 0 || end > LINE_MAX) {
          if (rest.length > LINE_MAX) throw new Error('a chunk has no size');
          this.#pending = rest;
          return;
        }
        const size = /^([0-9a-f]{1,12})[ \t]*(?:;.*)?\r?$/i.exec(rest.toString('latin1', 0, end))?.[1];
        if (size === undefined) throw new Error('a chunk has no size');
        rest = rest.subarray(end + 1);
        const left = Number.parseInt(size, 16);
        // Trailers say nothing that is asked here.
        if (left === 0) this.done = true;
        else this.#framing = { kind: 'chunk', left };
        continue;
      }
      if (rest.length === 0) return;
      if (framing.kind === 'close') {
        this.#keep(rest);
        return;
      }
      if (framing.left > 0) {
        const part = rest.subarray(0, framing.left);
        framing.left -= part.length;
        rest = rest.subarray(part.length);
        this.#keep(part);
        if (framing.kind === 'length' && framing.left === 0) this.done = true;
        continue;
      }
      // The line break after a chunk.
      const end = rest.indexOf(10);
      if (end > 1 || (end < 0 && rest.length > 1)) throw new Error('a chunk is longer than it says');
      if (end < 0) {
        this.#pending = rest;
        return;
      }
      rest = rest.subarray(end + 1);
      this.#framing = { kind: 'line' };
    }
  }

  #keep(part: Buffer): void {
    const room = this.#bodyMax - this.#length;
    if (part.length > room) {
      this.truncated = true;
      this.done = true;
    }
    this.#parts.push(part.subarray(0, room));
    this.#length += Math.min(part.length, room);
  }
}

/** Where the body begins; `null` while the head is not whole. A line may end without a carriage return (RFC 9112 2.2). */
function endOfHead(bytes: Buffer): number | null {
  const strict = bytes.indexOf('\r\n\r\n');
  const loose = bytes.indexOf('\n\n');
  if (loose >= 0 && (strict < 0 || loose < strict)) return loose + 2;
  return strict < 0 ? null : strict + 4;
}

function parseHead(text: string): Head {
  const lines = text.split('\n');
  const status = /^HTTP\/1\.[01] ([1-9]\d\d)(?: |\r?$)/.exec(lines[0] ?? '')?.[1];
  if (status === undefined) throw new Error('the answer is not HTTP');
  const headers = new Map<string, string>();
  for (let index = 1; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trimEnd().toLowerCase();
    const value = line.slice(colon + 1).trim();
    const before = headers.get(name);
    if (before === undefined) headers.set(name, value);
    else if (name === 'content-length' && before !== value) throw new Error('the answer has two lengths');
    else if (name === 'transfer-encoding') headers.set(name, `${before}, ${value}`);
  }
  return { status: Number(status), headers };
}
