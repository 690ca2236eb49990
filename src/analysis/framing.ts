import type { HttpAnswer } from '../core/facts/http.ts';
import { broadSources, type Policy } from './csp.ts';
import { valuesOf } from './headers.ts';

/** Who may show the answer in a frame, as browsers decide it; `by` names what decides. */
export type Framing = { ok: true; by: string } | { ok: false; by: string; problem: string };

/**
 * frame-ancestors of any policy decides alone (CSP3 6.4.2: X-Frame-Options is then ignored); otherwise X-Frame-Options,
 * whose several values must agree (HTML 7.6: differing or unknown values together leave the page open or are an error).
 */
export function framingOf(answer: Pick<HttpAnswer, 'headers'>, policies: readonly Policy[]): Framing {
  const lists = policies.flatMap((policy) => {
    const list = policy.source === 'header' ? policy.directives.get('frame-ancestors') : undefined;
    return list ? [list] : [];
  });
  if (lists.length > 0) {
    const limited = lists.find((list) => broadSources(list).length === 0);
    const by = `frame-ancestors ${(limited ?? lists[0] ?? []).join(' ') || "'none'"}`;
    return limited ? { ok: true, by } : { ok: false, by, problem: 'frame-ancestors lets anybody frame the page' };
  }
  const values = [...new Set(valuesOf(answer, 'x-frame-options').map((value) => value.toUpperCase()))];
  const [value, ...others] = values;
  if (value === undefined) return { ok: false, by: '', problem: 'neither frame-ancestors nor X-Frame-Options is sent' };
  const by = `X-Frame-Options: ${values.join(', ')}`;
  if (others.length > 0) return { ok: false, by, problem: 'X-Frame-Options has values that contradict each other' };
  if (value === 'DENY' || value === 'SAMEORIGIN') return { ok: true, by };
  if (value.startsWith('ALLOW-FROM'))
    return { ok: false, by, problem: 'X-Frame-Options ALLOW-FROM is ignored by every current browser' };
  return { ok: false, by, problem: `X-Frame-Options "${value.slice(0, 80)}" is none of DENY and SAMEORIGIN` };
}
