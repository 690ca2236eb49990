/** One object as `git cat-file --batch` gives it. */
export interface GitObject {
  id: string;
  type: string;
  bytes: Buffer;
}

/** Reads the output of `git cat-file --batch`: a line `ID TYPE SIZE`, that many bytes, a line feed; or `ID missing`. */
export async function* readBatch(
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<GitObject | { id: string; type: 'missing'; bytes: null }> {
  let rest = Buffer.alloc(0);
  let object: { id: string; type: string; bytes: Buffer; filled: number } | null = null;
  for await (const chunk of chunks) {
    let at = 0;
    const data: Buffer = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    rest = Buffer.alloc(0);
    while (at < data.length) {
      if (object) {
        const taken = data.copy(object.bytes, object.filled, at, at + object.bytes.length - object.filled);
        object.filled += taken;
        at += taken;
        if (object.filled < object.bytes.length || at >= data.length) break;
        at += 1; // the line feed after the content
        yield { id: object.id, type: object.type, bytes: object.bytes };
        object = null;
        continue;
      }
      const end = data.indexOf(10, at);
      if (end === -1) {
        rest = Buffer.from(data.subarray(at));
        break;
      }
      const [id = '', type = '', size = ''] = data.toString('latin1', at, end).split(' ');
      at = end + 1;
      if (type === 'missing') yield { id, type: 'missing', bytes: null };
      else object = { id, type, bytes: Buffer.allocUnsafe(Number(size)), filled: 0 };
    }
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
