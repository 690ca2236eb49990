/** Some objects as `git cat-file --batch` gives them, their contents one behind the other. */
export interface ObjectBatch {
  ids: string[];
  types: string[];
  /** Where each content ends in `bytes`. */
  ends: number[];
  bytes: Buffer;
  /** Asked for, and not there. */
  missing: string[];
}

/** Memory that threads share, given out in pieces of `bytes` and taken back, so that it is not made anew for every batch. */
export interface BatchMemory {
  bytes: number;
  take(bytes: number): Buffer;
  giveBack(memory: Buffer): void;
}

export function createBatchMemory(bytes: number): BatchMemory {
  const free: Buffer[] = [];
  return {
    bytes,
    take: (wanted) =>
      (wanted <= bytes ? free.pop() : undefined) ?? Buffer.from(new SharedArrayBuffer(Math.max(bytes, wanted))),
    giveBack(memory) {
      if (memory.buffer.byteLength === bytes) free.push(Buffer.from(memory.buffer));
    },
  };
}

/**
 * Reads the output of `git cat-file --batch` (a line `ID TYPE SIZE`, that many bytes, a line feed; or `ID missing`) into
 * batches, copying every byte once.
 */
export async function* readBatches(chunks: AsyncIterable<Buffer>, memory: BatchMemory): AsyncGenerator<ObjectBatch> {
  let batch = emptyBatch(memory.take(memory.bytes));
  let filled = 0;
  let header = '';
  let left = -1; // bytes of the object in work that are still to come, 0 before its line feed, -1 between objects
  for await (const chunk of chunks) {
    let at = 0;
    while (at < chunk.length) {
      if (left > 0) {
        const taken = chunk.copy(batch.bytes, filled, at, Math.min(chunk.length, at + left));
        at += taken;
        filled += taken;
        left -= taken;
      } else if (left === 0) {
        at += 1;
        left = -1;
        batch.ends.push(filled);
      } else {
        const end = chunk.indexOf(10, at);
        header += chunk.toString('latin1', at, end === -1 ? chunk.length : end);
        if (end === -1) break;
        at = end + 1;
        const [id = '', type = '', size = ''] = header.split(' ');
        header = '';
        if (type === 'missing') {
          batch.missing.push(id);
          continue;
        }
        left = Number(size);
        if (filled + left > batch.bytes.length && batch.ids.length + batch.missing.length > 0) {
          yield { ...batch, bytes: batch.bytes.subarray(0, filled) };
          batch = emptyBatch(memory.take(left));
          filled = 0;
        } else if (left > batch.bytes.length) {
          memory.giveBack(batch.bytes);
          batch = emptyBatch(memory.take(left));
        }
        batch.ids.push(id);
        batch.types.push(type);
      }
    }
  }
  if (batch.ends.length + batch.missing.length > 0) yield { ...batch, bytes: batch.bytes.subarray(0, filled) };
}

/** The same one by one: an object's bytes are good until the next is asked for. `null` for what is not there. */
export async function* readBatch(
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<{ id: string; type: string; bytes: Buffer | null }> {
  const memory = createBatchMemory(256 * 1024);
  for await (const batch of readBatches(chunks, memory)) {
    for (const id of batch.missing) yield { id, type: 'missing', bytes: null };
    for (const [number, id] of batch.ids.entries()) {
      const bytes = batch.bytes.subarray(batch.ends[number - 1] ?? 0, batch.ends[number]);
      yield { id, type: batch.types[number] ?? '', bytes };
    }
    memory.giveBack(batch.bytes);
  }
}

function emptyBatch(bytes: Buffer): ObjectBatch {
  return { ids: [], types: [], ends: [], bytes, missing: [] };
}

/**
 * Objects in an order in which each follows what git stores it as a difference to (`bases`), with nothing between but others
 * of the same family: git then need not make the same content twice, and versions of a file are neighbours.
 */
export function byFamily(ids: readonly string[], bases: ReadonlyMap<string, string>): string[] {
  const known = new Set(ids);
  const children = new Map<string, string[]>();
  for (const id of ids) {
    const base = bases.get(id);
    if (base === undefined) continue;
    const siblings = children.get(base);
    if (siblings) siblings.push(id);
    else children.set(base, [id]);
  }
  const ordered: string[] = [];
  for (const id of ids) {
    if (known.has(bases.get(id) ?? '')) continue;
    const waiting = [id];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      ordered.push(next);
      const more = children.get(next);
      if (more) for (let at = more.length - 1; at >= 0; at -= 1) waiting.push(more[at] as string);
    }
  }
  return ordered;
}

/** The lines of a stream of Latin-1 text, without what follows the last line feed. */
export async function* textLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

/** Where a blob first came in: the oldest commit that changed a path to it. `at` is epoch ms of the author's clock. */
export interface Origin {
  commit: string;
  at: number;
  path: string;
}

/**
 * Reads `git log --raw -z --format=%x01%H %at`, newest first, and keeps for each wanted blob and path the oldest commit.
 * Of a merge (`-c`) only what none of its parents has is listed, which is what other tools never see.
 */
export async function readOrigins(
  chunks: AsyncIterable<Buffer>,
  wanted: ReadonlySet<string>,
): Promise<{ origins: Map<string, Map<string, Origin>>; commits: Map<string, number> }> {
  const origins = new Map<string, Map<string, Origin>>();
  const commits = new Map<string, number>();
  let commit = '';
  let at = 0;
  let blob: string | null = null;
  for await (const field of split(chunks)) {
    const text = field.replace(/^\n+/, '');
    if (text.startsWith('\x01')) {
      const [id = '', seconds = ''] = text.slice(1).split(/[ \n]/);
      commit = id;
      at = Number(seconds) * 1_000;
      if (wanted.has(id)) commits.set(id, at);
    } else if (text.startsWith(':')) {
      const [head = ''] = text.split(/[\s][A-Z]+\d*$/, 1);
      const id = head.slice(head.lastIndexOf(' ') + 1);
      blob = wanted.has(id) ? id : '';
    } else if (blob !== null) {
      if (blob !== '') {
        const paths = origins.get(blob) ?? new Map<string, Origin>();
        paths.set(field, { commit, at, path: field });
        origins.set(blob, paths);
      }
      blob = null;
    }
  }
  return { origins, commits };
}

async function* split(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const fields = (rest + chunk.toString('utf8')).split('\0');
    rest = fields.pop() ?? '';
    yield* fields;
  }
  if (rest !== '') yield rest;
}
