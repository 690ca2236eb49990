import type { HttpFacts } from '../core/facts/http.ts';
import { looksLikeSession } from './cookies.ts';
import type { CookieAttribute } from './header-lines.ts';
import { seenCookies } from './seen-cookies.ts';

/**
 * What a cookie lacks, to be written after what it has: of two attributes browsers take the last (RFC 6265bis 5.6).
 * `null` where nothing is missing, or where a line in a server cannot mend it: over plain HTTP Secure would end it.
 */
export function cookieAttributes(
  http: HttpFacts,
  name: string,
  now: number,
): { path: string; missing: CookieAttribute[] } | null {
  const found = seenCookies(http, now).cookies.find(({ cookie }) => cookie.name === name);
  if (found?.url.protocol !== 'https:') return null;
  const { cookie } = found;
  const missing: CookieAttribute[] = [];
  if (!cookie.secure) missing.push('Secure');
  if (!cookie.httpOnly && looksLikeSession(name)) missing.push('HttpOnly');
  if (cookie.sameSite === null || cookie.sameSite === 'invalid') missing.push('SameSite=Lax');
  if (missing.length === 0) return null;
  const path = cookie.path !== null && /^\/[\w./-]*$/.test(cookie.path) ? cookie.path : '/';
  return { path, missing };
}
