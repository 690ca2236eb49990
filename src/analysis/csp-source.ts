/** One word of a source list, by the grammar of CSP3 2.3.1. `other` is no source expression; browsers ignore it. */
export type Source =
  | { type: 'none' }
  | { type: 'keyword'; word: string }
  | { type: 'nonce'; value: string }
  | { type: 'hash'; algorithm: string; value: string }
  | { type: 'scheme'; scheme: string }
  | { type: 'host'; scheme: string | null; host: string; port: string | null; path: string }
  | { type: 'other' };

const KEYWORDS = new Set([
  "'self'",
  "'unsafe-inline'",
  "'unsafe-eval'",
  "'strict-dynamic'",
  "'unsafe-hashes'",
  "'report-sample'",
  "'wasm-unsafe-eval'",
  "'unsafe-allow-redirects'",
  "'trusted-types-eval'",
  "'inline-speculation-rules'",
  "'report-sha256'",
  "'report-sha384'",
  "'report-sha512'",
]);
const NONCE = /^'nonce-([A-Za-z0-9+/_-]+={0,2})'$/i;
const HASH = /^'(sha256|sha384|sha512)-([A-Za-z0-9+/_-]+={0,2})'$/i;
const SCHEME = /^([a-z][a-z0-9+.-]*):$/;
const HOST =
  /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\*|(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])(?::(\d+|\*))?(\/.*)?$/;

/** Reads one word; everything but nonces, hashes and paths is compared without case and given back in lower case. */
export function parseSource(text: string): Source {
  const lower = text.toLowerCase();
  if (lower === "'none'") return { type: 'none' };
  if (KEYWORDS.has(lower)) return { type: 'keyword', word: lower };
  const nonce = NONCE.exec(text);
  if (nonce) return { type: 'nonce', value: nonce[1] ?? '' };
  const hash = HASH.exec(text);
  if (hash) return { type: 'hash', algorithm: (hash[1] ?? '').toLowerCase(), value: hash[2] ?? '' };
  const scheme = SCHEME.exec(lower);
  if (scheme) return { type: 'scheme', scheme: scheme[1] ?? '' };
  const host = HOST.exec(lower);
  if (!host) return { type: 'other' };
  const path = host[4] === undefined ? '' : text.slice(text.length - host[4].length);
  return { type: 'host', scheme: host[1] ?? null, host: host[2] ?? '', port: host[3] ?? null, path };
}
