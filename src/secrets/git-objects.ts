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

/**
 * Reads the output of `git cat-file --batch` (a line `ID TYPE SIZE`, that many bytes, a line feed; or `ID missing`) into
 * batches of about `batchBytes`, copying every byte once.
 */
export async function* readBatches(chunks: AsyncIterable<Buffer>, batchBytes: number): AsyncGenerator<ObjectBatch> {
  let batch = emptyBatch(batchBytes);
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
          batch = emptyBatch(Math.max(batchBytes, left));
          filled = 0;
        } else if (left > batch.bytes.length) {
          batch = emptyBatch(left);
        }
        batch.ids.push(id);
        batch.types.push(type);
      }
    }
  }
  if (batch.ends.length + batch.missing.length > 0) yield { ...batch, bytes: batch.bytes.subarray(0, filled) };
}

function emptyBatch(bytes: number): ObjectBatch {
  return { ids: [], types: [], ends: [], bytes: Buffer.allocUnsafeSlow(bytes), missing: [] };
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
