import { cookieDate } from './cookie-date.ts';

/** A cookie as RFC 6265bis section 5.6 reads a Set-Cookie line. Its value is not kept: it may be a secret. */
export interface Cookie {
  name: string;
  valueLength: number;
  secure: boolean;
  httpOnly: boolean;
  /** `null` where the attribute is missing, `invalid` where its value is none that browsers know. */
  sameSite: 'strict' | 'lax' | 'none' | 'invalid' | null;
  /** Without a leading dot, lower case; `null` for a cookie of this host alone. */
  domain: string | null;
  path: string | null;
  partitioned: boolean;
  /** Epoch ms at which it ends, `null` for a session cookie or where the date cannot be read. */
  expires: number | null;
  /** In seconds; wins over `expires`. */
  maxAge: number | null;
  /** The line with the value left out, for evidence. */
  line: string;
}

/** Reads a Set-Cookie line; `null` where browsers ignore the whole line. */
export function parseSetCookie(line: string): Cookie | null {
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(line)) return null;
  const [pair = '', ...rest] = line.split(';');
  const equals = pair.indexOf('=');
  const name = equals === -1 ? '' : pair.slice(0, equals).trim();
  const value = (equals === -1 ? pair : pair.slice(equals + 1)).trim();
  if (name === '' && value === '') return null;
  if (name.length + value.length > 4_096) return null;
  const attributes = new Map<string, string>();
  for (const part of rest) {
    const at = part.indexOf('=');
    const key = (at === -1 ? part : part.slice(0, at)).trim().toLowerCase();
    const text = at === -1 ? '' : part.slice(at + 1).trim();
    if (text.length <= 1_024) attributes.set(key, text); // of two, the last counts
  }
  const domain = attributes.get('domain')?.replace(/^\./, '').toLowerCase();
  const path = attributes.get('path');
  const maxAge = attributes.get('max-age');
  // RFC 6265bis 5.7: a nameless cookie that would be sent like one with a prefix is dropped.
  if (name === '' && PREFIX.test(value)) return null;
  return {
    name,
    valueLength: value.length,
    secure: attributes.has('secure'),
    httpOnly: attributes.has('httponly'),
    sameSite: sameSiteOf(attributes.get('samesite')),
    domain: domain ? domain : null,
    path: path?.startsWith('/') ? path : null,
    partitioned: attributes.has('partitioned'),
    expires: cookieDate(attributes.get('expires') ?? ''),
    maxAge: maxAge !== undefined && /^-?\d+$/.test(maxAge) ? Number(maxAge) : null,
    line: [`${name}=${value === '' ? '' : '...'}`, ...rest.map((part) => part.trim())].join('; ').slice(0, 400),
  };
}

const PREFIX = /^__(?:Secure|Host|Http|Host-Http)-/i;

function sameSiteOf(value: string | undefined): Cookie['sameSite'] {
  if (value === undefined) return null;
  const lower = value.toLowerCase();
  return lower === 'strict' || lower === 'lax' || lower === 'none' ? lower : 'invalid';
}

/** Whether the line takes a cookie away instead of setting one. `now` is epoch ms. */
export function isDeletion(cookie: Cookie, now: number): boolean {
  return cookie.maxAge !== null ? cookie.maxAge <= 0 : cookie.expires !== null && cookie.expires <= now;
}

/** Anti-forgery tokens are read by script on purpose, so they are not asked to be HttpOnly. */
const ANTI_FORGERY = /csrf|xsrf|antiforgery|requestverification/i;
const SESSION =
  /sess|(^|[^a-z])sid($|[^a-z])|login|auth|token|jwt|remember|passport|identity|^connect\.|^user$|account|^at$|^rt$|ticket/i;

/** Whether the name says that the cookie stands for a logged-in person. */
export function looksLikeSession(name: string): boolean {
  const bare = name.replace(/^__(Host|Secure|Http|Host-Http)-/i, '');
  return SESSION.test(bare) && !ANTI_FORGERY.test(bare);
}

/** Why browsers drop the cookie because of its name's prefix (RFC 6265bis 4.1.3), or `null`. */
export function prefixProblem(cookie: Cookie): string | null {
  const prefix = /^__(host-http|secure|host|http)-/.exec(cookie.name.toLowerCase())?.[1];
  if (prefix === undefined) return null;
  const shown = { secure: '__Secure-', host: '__Host-', http: '__Http-', 'host-http': '__Host-Http-' }[prefix] ?? '';
  if (!cookie.secure) return `a ${shown} cookie needs Secure`;
  if (prefix.endsWith('http') && !cookie.httpOnly) return `a ${shown} cookie needs HttpOnly`;
  if (!prefix.startsWith('host')) return null;
  if (cookie.domain !== null) return `a ${shown} cookie must not have Domain`;
  return cookie.path === '/' ? null : `a ${shown} cookie needs Path=/`;
}

/** RFC 6265 5.1.3: whether a host may set a cookie for that domain. */
export function domainMatches(host: string, domain: string): boolean {
  return host === domain || (host.endsWith(`.${domain}`) && !/^[\d.]+$/.test(host) && domain.includes('.'));
}
