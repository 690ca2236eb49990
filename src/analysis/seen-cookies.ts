import type { HttpFacts } from '../core/facts/http.ts';
import { type Cookie, isDeletion, parseSetCookie } from './cookies.ts';
import { linesOf, ownAnswers } from './headers.ts';

/** A cookie and the answer that set it first. */
export interface SeenCookie {
  cookie: Cookie;
  url: URL;
}

/** Cookies that any answer of the site set, each name, domain and path once; what only deletes a cookie is left out. */
export function seenCookies(http: HttpFacts, now: number): { cookies: SeenCookie[]; unreadable: string[] } {
  const cookies = new Map<string, SeenCookie>();
  const unreadable: string[] = [];
  for (const answer of ownAnswers(http)) {
    for (const line of linesOf(answer, 'set-cookie').slice(0, 200)) {
      const cookie = parseSetCookie(line);
      if (!cookie) unreadable.push((line.split('=', 1)[0] ?? '').replace(/[^\x21-\x7e]/g, '?').slice(0, 60));
      else if (!isDeletion(cookie, now)) {
        const url = new URL(answer.url);
        const key = `${url.protocol} ${cookie.name};${cookie.domain ?? url.hostname};${cookie.path ?? ''}`;
        if (!cookies.has(key)) cookies.set(key, { cookie, url });
      }
    }
  }
  return { cookies: [...cookies.values()], unreadable };
}
