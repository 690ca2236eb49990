import { Agent, request } from 'undici';
import type { ChannelAnswer, HttpMessage } from '../channels/channel.ts';
import { reasonOf } from '../core/error.ts';

const BODY_MAX = 4096;
/** Whole attempt, ms; well below the lease of a message. */
const TIMEOUT_MS = 15_000;

const agent = new Agent({ connectTimeout: 5_000, keepAliveTimeout: 4_000, connections: 16, maxHeaderSize: 16_384 });

/** One attempt over HTTP. Never rejects: no answer is an answer too. Redirects are not followed. */
export async function sendHttp({ url, method, headers, body }: HttpMessage): Promise<ChannelAnswer> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answer = await request(url, { method, headers, body, signal, dispatcher: agent });
    const text = await readStart(answer.body);
    const lines = Object.entries(answer.headers).map(([name, value]): [string, string] => [
      name.toLowerCase(),
      [value ?? ''].flat().join(', '),
    ]);
    return { status: answer.statusCode, headers: Object.fromEntries(lines), body: text };
  } catch (thrown) {
    const timedOut = thrown instanceof Error && thrown.name === 'TimeoutError';
    return { error: timedOut ? `no answer within ${TIMEOUT_MS / 1000} s` : reasonOf(thrown) };
  }
}

/** The first bytes. A body that breaks off does not matter: the status was said. */
async function readStart(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of body) {
      parts.push(part);
      length += part.length;
      if (length >= BODY_MAX) break;
    }
  } catch {
    // What came so far is enough.
  }
  return Buffer.concat(parts).subarray(0, BODY_MAX).toString('utf8');
}
