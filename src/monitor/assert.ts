import { formatDuration } from '../core/duration.ts';
import type { BodyAssertion, HttpExpectation } from '../core/monitor.ts';
import { follow } from './json-path.ts';

/** What a look over HTTP saw. */
export interface Seen {
  status: number;
  latencyMs: number;
  body: string;
  /** The body was longer than what is read. */
  truncated: boolean;
  /** Epoch ms; `null` without TLS. */
  certificateNotAfter: number | null;
}

/**
 * The first expectation that does not hold, as a sentence; `null` when all do. Everything fails closed: what is missing,
 * of another type, or could not be read whole is never taken for what was wanted.
 */
export function failureOf(expect: HttpExpectation, seen: Seen, now: number): string | null {
  const { status } = seen;
  const wanted = expect.status.length > 0 ? expect.status.includes(status) : status >= 200 && status < 300;
  if (!wanted) return `answered ${status}${status >= 300 && status < 400 ? ' (redirects are not followed)' : ''}`;
  return (
    latencyFailure(expect.latencyBelowMs, seen.latencyMs) ??
    bodyFailure(expect.body, seen) ??
    certificateFailure(expect.certificateValidForMs, seen.certificateNotAfter, now)
  );
}

export function certificateFailure(validForMs: number | null, notAfter: number | null, now: number): string | null {
  if (validForMs === null) return null;
  if (notAfter === null) return 'there is no certificate';
  const left = notAfter - now;
  if (left >= validForMs) return null;
  return `the certificate is valid for ${formatDuration(left)} more, not for ${formatDuration(validForMs)}`;
}

export function latencyFailure(belowMs: number | null, latencyMs: number): string | null {
  if (belowMs === null || latencyMs < belowMs) return null;
  return `took ${formatDuration(latencyMs)}, not below ${formatDuration(belowMs)}`;
}

function bodyFailure(assertions: readonly BodyAssertion[], seen: Seen): string | null {
  let document: { value: unknown } | null | undefined;
  for (const assertion of assertions) {
    if (assertion.kind === 'contains') {
      if (seen.body.includes(assertion.text)) continue;
      return `the body does not contain "${assertion.text}"${seen.truncated ? ' in the part that is read' : ''}`;
    }
    if (seen.truncated) return 'the body is too long to be read as JSON';
    if (document === undefined) document = parseJson(seen.body);
    if (document === null) return 'the body is not JSON';
    const found = follow(document.value, assertion.path);
    if (!found.found) return found.reason;
    if (found.value !== assertion.equals) {
      return `${assertion.path} is ${brief(found.value)}, not ${brief(assertion.equals)}`;
    }
  }
  return null;
}

function parseJson(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

function brief(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
