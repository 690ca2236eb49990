import { getDomain } from 'tldts';
import type { HttpAnswer } from '../../core/facts/http.ts';
import { linesOf } from '../headers.ts';

/** A cookie as the Observatory's cookie jar (tough-cookie 5) holds it. */
export interface JarCookie {
  name: string;
  domain: string;
  hostOnly: boolean;
  path: string;
  secure: boolean;
  httpOnly: boolean;
  sameSite: 'strict' | 'lax' | 'none' | null;
  /** Epoch ms; `null` for a session. */
  expires: number | null;
}

/** Names below which its jar takes the second label for a domain of its own (RFC 6761, RFC 6762). */
const SPECIAL = ['local', 'example', 'invalid', 'localhost', 'test'];

/**
 * What its jar holds after the answers, in their order. An expired cookie stays until a request goes where it would be
 * sent; a cookie with Secure may come over plain HTTP; both are the jar's own ways and kept for equal results.
 */
export function jarAfter(answers: readonly HttpAnswer[], now: number): JarCookie[] {
  const jar = new Map<string, JarCookie>();
  for (const answer of answers) {
    const url = new URL(answer.url);
    for (const [key, cookie] of jar) if (isSent(cookie, url) && (cookie.expires ?? now) < now) jar.delete(key);
    for (const line of linesOf(answer, 'set-cookie')) {
      const cookie = read(line, url, now);
      if (cookie) jar.set(`${cookie.domain};${cookie.path};${cookie.name}`, cookie);
    }
  }
  return [...jar.values()];
}

function read(line: string, url: URL, now: number): JarCookie | null {
  const [first = '', ...attributes] = line.trim().split(';');
  const pair = first.split(/[\n\r\0]/, 1)[0] ?? '';
  const equals = pair.indexOf('=');
  if (equals <= 0 || /[\x00-\x1f]/.test(`${pair.slice(0, equals).trim()}${pair.slice(equals + 1).trim()}`)) return null;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const cookie: JarCookie = {
    name: pair.slice(0, equals).trim(),
    domain: '',
    hostOnly: true,
    path: '',
    secure: false,
    httpOnly: false,
    sameSite: null,
    expires: null,
  };
  let age: number | null = null;
  for (const part of attributes) {
    const text = part.trim();
    const at = text.indexOf('=');
    const key = (at === -1 ? text : text.slice(0, at)).trim().toLowerCase();
    const value = at === -1 ? '' : text.slice(at + 1).trim();
    if (key === 'secure') cookie.secure = true;
    else if (key === 'httponly') cookie.httpOnly = true;
    else if (key === 'domain') cookie.domain = value.replace(/^\./, '').toLowerCase() || cookie.domain;
    else if (key === 'path') cookie.path = value.startsWith('/') ? value : '';
    else if (key === 'max-age' && /^-?\d+$/.test(value)) age = Number(value);
    else if (key === 'expires' && !Number.isNaN(Date.parse(value))) cookie.expires = Date.parse(value);
    else if (key === 'samesite') {
      const lower = value.toLowerCase();
      cookie.sameSite = lower === 'strict' || lower === 'lax' || lower === 'none' ? lower : null;
    }
  }
  if (age !== null) cookie.expires = age <= 0 ? Number.NEGATIVE_INFINITY : now + age * 1_000;
  if (cookie.domain !== '') {
    if (!mayHold(cookie.domain) || !matches(host, cookie.domain)) return null;
    cookie.hostOnly = false;
  } else cookie.domain = host;
  if (cookie.path === '') cookie.path = url.pathname.slice(0, url.pathname.lastIndexOf('/')) || '/';
  if (cookie.name.startsWith('__Secure-') && !cookie.secure) return null;
  if (cookie.name.startsWith('__Host-') && !(cookie.secure && cookie.hostOnly && cookie.path === '/')) return null;
  return cookie;
}

/** Whether the domain is more than a public suffix. */
function mayHold(domain: string): boolean {
  const labels = domain.split('.');
  const top = labels.at(-1) ?? '';
  if (SPECIAL.includes(top) && (labels.length > 1 || top === 'localhost' || top === 'invalid')) return true;
  return domain.includes(':') || getDomain(domain, { allowPrivateDomains: true }) !== null;
}

function matches(host: string, domain: string): boolean {
  return host === domain || (host.endsWith(`.${domain}`) && !/^[\d.]+$/.test(host) && !host.includes(':'));
}

function isSent(cookie: JarCookie, url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (cookie.hostOnly ? host !== cookie.domain : !matches(host, cookie.domain)) return false;
  if (cookie.secure && url.protocol !== 'https:' && !/^(localhost|127\.|::1)/.test(host)) return false;
  const { pathname } = url;
  if (pathname === cookie.path) return true;
  return pathname.startsWith(cookie.path) && (cookie.path.endsWith('/') || pathname[cookie.path.length] === '/');
}
