import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { request } from 'undici';
import { type Baseline, parseBaseline } from '../core/baseline.ts';
import { AppError, EXIT, reasonOf } from '../core/error.ts';
import type { Io } from './io.ts';

export const DEFAULT_BASELINE = 'seaworthy.baseline.json';
const MAX_BYTES = 64 * 1024 * 1024;

/** Reads a baseline from a file or an address; `null` where there is no such file. */
export async function readBaseline(where: string, io: Pick<Io, 'cwd' | 'env' | 'signal'>): Promise<Baseline | null> {
  if (/^https?:\/\//i.test(where)) return parseBaseline(await download(where, io), where);
  const path = resolve(io.cwd, where);
  if (!existsSync(path)) return null;
  try {
    return parseBaseline(readFileSync(path, 'utf8'), where);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('baseline-unreadable', `${where} cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}

/** With `SEAWORTHY_TOKEN` as bearer where it is set. Bounded in bytes and time. */
async function download(url: string, { env, signal }: Pick<Io, 'env' | 'signal'>): Promise<string> {
  const failed = (reason: string) =>
    new AppError('baseline-unreachable', `${url}: ${reason}`, { exit: EXIT.couldNotLook });
  try {
    const headers = env.SEAWORTHY_TOKEN ? { authorization: `Bearer ${env.SEAWORTHY_TOKEN}` } : {};
    const answer = await request(url, { headers, signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]) });
    if (answer.statusCode !== 200) {
      await answer.body.dump();
      throw failed(`answered ${answer.statusCode}`);
    }
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_BYTES) throw failed('is larger than 64 MiB');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    throw error instanceof AppError ? error : failed(reasonOf(error));
  }
}
