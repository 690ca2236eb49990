import { type Duplex, pipeline, Readable } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

const CODINGS: Record<string, () => Duplex> = {
  gzip: () => createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }),
  'x-gzip': () => createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }),
  deflate: () => createInflate({ finishFlush: constants.Z_SYNC_FLUSH }),
  br: () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH }),
};

export interface DecodedBody {
  bytes: Buffer;
  truncated: boolean;
}

/**
 * Undoes `Content-Encoding`, at most `limit` bytes of result: a bomb is cut off where the limit is reached, before the
 * rest is inflated. At most two codings; an unknown or broken one leaves the bytes that could be decoded.
 */
export async function decodeBody(raw: Buffer, encoding: string, limit: number): Promise<DecodedBody> {
  const names = encoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  if (names.length === 0) return { bytes: raw.subarray(0, limit), truncated: raw.length > limit };
  const stages = names.reverse().map((name) => CODINGS[name]?.());
  if (names.length > 2 || stages.some((stage) => stage === undefined))
    return { bytes: Buffer.alloc(0), truncated: true };
  const chain = stages.filter((stage) => stage !== undefined);
  const last = pipeline([Readable.from([raw]), ...chain], () => {}) as Duplex;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of last) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size > limit) break;
    }
  } catch {
    return { bytes: Buffer.concat(chunks).subarray(0, limit), truncated: true };
  } finally {
    for (const stage of chain) stage.destroy();
  }
  return { bytes: Buffer.concat(chunks).subarray(0, limit), truncated: size > limit };
}

/** Bytes as text, by the charset of `Content-Type` where it is one that we know, else UTF-8. */
export function toText(bytes: Buffer, contentType: string): string {
  const charset = /;\s*charset\s*=\s*"?([\w-]{1,40})/i.exec(contentType)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
