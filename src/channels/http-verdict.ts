import type { ChannelAnswer, Verdict } from './channel.ts';

/** Nobody is made to wait longer than this by a Retry-After, ms. */
const RETRY_AFTER_MAX_MS = 3_600_000;

/**
 * The usual reading of an HTTP answer: 2xx is delivered; 408, 425, 429, 5xx and no answer at all are tried again;
 * everything else would be answered the same tomorrow.
 */
export function httpVerdict(answer: ChannelAnswer, now: number): Verdict {
  if ('error' in answer) return { outcome: 'retry', reason: answer.error };
  const { status } = answer;
  if (status >= 200 && status < 300) return { outcome: 'sent', note: `answered ${status}` };
  const reason = `answered ${status}${excerpt(answer.body)}`;
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const afterMs = retryAfterMs(answer.headers['retry-after'], now);
    return { outcome: 'retry', reason, ...(afterMs === undefined ? {} : { afterMs }) };
  }
  if (status >= 300 && status < 400) {
    const hint = 'redirects are not followed; configure the final address';
    return { outcome: 'give-up', reason: `answered ${status} (${hint})` };
  }
  return { outcome: 'give-up', reason };
}

/** RFC 9110, 10.2.3: seconds or an HTTP date. `undefined` where there is none or it says nothing. */
export function retryAfterMs(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  const ms = /^\d{1,10}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), RETRY_AFTER_MAX_MS) : undefined;
}

/** First characters of a body, fit for a log line. */
function excerpt(body: string): string {
  const line = body.replace(/[\u0000-\u0020\u007f-\u009f]+/g, ' ').trim();
  return line === '' ? '' : `: ${line.slice(0, 120)}`;
}
