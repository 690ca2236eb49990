import type { ObservatoryResult } from '../../knowledge/observatory.ts';
import { linesOf } from '../headers.ts';
import { type JarCookie, jarAfter } from './jar.ts';
import type { Requests } from './requests.ts';

/** Best first; the worst that any cookie earns is the result. */
const ORDER: readonly ObservatoryResult[] = [
  'cookies-without-secure-flag-but-protected-by-hsts',
  'cookies-without-secure-flag',
  'cookies-session-without-secure-flag-but-protected-by-hsts',
  'cookies-samesite-flag-invalid',
  'cookies-anticsrf-without-samesite-flag',
  'cookies-session-without-httponly-flag',
  'cookies-session-without-secure-flag',
];

export function cookiesTest(requests: Requests, hsts: boolean, now: number): ObservatoryResult {
  const cookies = jarAfter(requests.cookieAnswers, now).filter(({ name }) => name !== 'heroku-session-affinity');
  if (cookies.length === 0) return 'cookies-not-found';
  const results: ObservatoryResult[] = [];
  // Misspelt values are looked for in the page's own lines only; a jar forgets them.
  if (linesOf(requests.auto, 'set-cookie').some(misspelt)) results.push('cookies-samesite-flag-invalid');
  for (const cookie of cookies) results.push(...resultsOf(cookie, hsts));
  const worst = results.sort((a, b) => ORDER.indexOf(b) - ORDER.indexOf(a))[0];
  if (worst) return worst;
  return cookies.every((cookie) => cookie.sameSite !== null)
    ? 'cookies-secure-with-httponly-sessions-and-samesite'
    : 'cookies-secure-with-httponly-sessions';
}

function resultsOf(cookie: JarCookie, hsts: boolean): ObservatoryResult[] {
  const name = cookie.name.toLowerCase();
  const session = name.includes('login') || name.includes('sess');
  const results: ObservatoryResult[] = [];
  if (!cookie.secure && cookie.sameSite === 'none') results.push('cookies-samesite-flag-invalid');
  if (!cookie.secure)
    results.push(hsts ? 'cookies-without-secure-flag-but-protected-by-hsts' : 'cookies-without-secure-flag');
  if (name.includes('csrf') && cookie.sameSite === null) results.push('cookies-anticsrf-without-samesite-flag');
  if (session && !cookie.secure)
    results.push(
      hsts ? 'cookies-session-without-secure-flag-but-protected-by-hsts' : 'cookies-session-without-secure-flag',
    );
  if (session && !cookie.httpOnly) results.push('cookies-session-without-httponly-flag');
  return results;
}

/** Whether any SameSite attribute of the line has a value that does not exist, or none. */
function misspelt(line: string): boolean {
  return line.split(';').some((part) => {
    const [name = '', value = ''] = part.trim().split('=');
    return name.trim().toLowerCase() === 'samesite' && !/^(lax|strict|none)$/i.test(value.trim());
  });
}
