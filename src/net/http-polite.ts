import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpClient, HttpRequest, HttpResult } from './http.ts';

/** Requests that are spaced out, counted, and ended when the server has had enough. */
export interface PoliteClient {
  /** The answer, or a failure of kind `cancelled` that says why nothing was asked any more. */
  ask(url: string, request?: HttpRequest): Promise<HttpResult>;
}

/** After so many requests without an answer in a row the rest is left alone. */
const PATIENCE = 4;
/** After so many answers of "too many requests" the rest is left alone too. */
const ENOUGH = 2;

/** At most `budget` requests by `spent`, at most `perSecond` of them a second. */
export function createPoliteClient(
  client: HttpClient,
  limits: { budget: number; perSecond: number; spent(): number; signal: AbortSignal },
): PoliteClient {
  const { signal } = limits;
  const gapMs = 1_000 / limits.perSecond;
  let next = 0;
  let silent = 0;
  let refused = 0;
  const stop = () => {
    if (signal.aborted) return 'the time was over';
    if (silent >= PATIENCE) return 'the server stopped answering';
    if (refused >= ENOUGH) return 'the server asked for fewer requests';
    return limits.spent() < limits.budget ? null : 'out of requests';
  };
  return {
    async ask(url, request) {
      const now = performance.now();
      const wait = Math.max(0, next - now);
      next = Math.max(now, next) + gapMs;
      if (stop() === null && wait > 1) await sleep(wait, undefined, { signal }).catch(() => {});
      const reason = stop();
      if (reason !== null) return { ok: false, url, kind: 'cancelled', reason };
      const result = await client.request(url, request);
      silent = result.ok ? 0 : silent + 1;
      if (result.ok && (result.status === 429 || result.status === 503)) refused += 1;
      return result;
    },
  };
}
