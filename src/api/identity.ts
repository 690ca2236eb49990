import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { ApiEnv, Identity } from './env.ts';
import { isOpen, rolesFor } from './permissions.ts';
import type { ApiPorts } from './ports.ts';
import { ProblemError } from './problem.ts';

/** Tokens start with it, so that secret scanners can tell them. */
export const TOKEN_PREFIX = 'sw_';
const TOKEN = /^sw_[A-Za-z0-9_-]{43}$/;
export const SESSION_MS = 12 * 3_600_000;

/** A new token: 32 random bytes. Shown once; only its hash is kept. */
export function newToken(): string {
  return TOKEN_PREFIX + randomBytes(32).toString('base64url');
}

/** SHA-256, hex. A token is random, so a slow hash would add nothing. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compares two secrets in a time that tells nothing about where they differ. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

/** `__Host-` binds the cookie to this host and to https; browsers refuse it on plain http. */
const cookieName = (secure: boolean) => (secure ? '__Host-seaworthy' : 'seaworthy');

export function setSession(c: Context<ApiEnv>, secret: string, secure: boolean): void {
  setCookie(c, cookieName(secure), secret, {
    httpOnly: true,
    sameSite: 'Strict',
    secure,
    path: '/',
    maxAge: SESSION_MS / 1_000,
  });
}

export function clearSession(c: Context<ApiEnv>, secure: boolean): string | undefined {
  const secret = getCookie(c, cookieName(secure));
  deleteCookie(c, cookieName(secure), { path: '/', secure, sameSite: 'Strict', httpOnly: true });
  return secret;
}

/** Name for timelines and the journal. */
export function actor(c: Context<ApiEnv>): string {
  return c.get('identity')?.name ?? 'nobody';
}

/**
 * A page of another site must not be able to act with a browser's session. Browsers send Sec-Fetch-Site (or at least
 * Origin) with every unsafe request; what sends neither and yet has a cookie is not a browser of ours.
 */
export function isOwnOrigin(c: Context<ApiEnv>): boolean {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  const origin = c.req.header('origin');
  if (origin === undefined) return false;
  try {
    return new URL(origin).host === (c.req.header('host') ?? new URL(c.req.url).host);
  } catch {
    return false;
  }
}

async function identify(c: Context<ApiEnv>, ports: ApiPorts, secure: boolean): Promise<Identity | null> {
  const header = c.req.header('authorization');
  if (header !== undefined) {
    const token = /^Bearer +(\S+)$/i.exec(header)?.[1];
    return token !== undefined && TOKEN.test(token) ? ports.identities.token(hashSecret(token)) : null;
  }
  const secret = getCookie(c, cookieName(secure));
  return secret === undefined || secret.length > 100 ? null : ports.identities.session(hashSecret(secret));
}

/** Nothing below it answers without an identity and the right role, but for what `permissions` says is open. */
export function authenticate(ports: ApiPorts, options: { secure: boolean }): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const { method, path } = c.req;
    if (isOpen(path) || (path === '/metrics' && ports.publish().metrics)) return next();
    const identity = await identify(c, ports, options.secure);
    if (!identity) {
      throw new ProblemError(401, 'this needs a token or a log-in', {
        hint: 'send Authorization: Bearer sw_…; `seaworthy token create --role viewer` makes one',
        headers: { 'WWW-Authenticate': 'Bearer realm="seaworthy"' },
      });
    }
    const unsafe = method !== 'GET' && method !== 'HEAD';
    if (unsafe && identity.via === 'session' && !isOwnOrigin(c)) {
      throw new ProblemError(403, 'this request did not come from our own pages', {
        type: 'cross-site',
        hint: 'scripts use a token, not the cookie of a browser',
      });
    }
    const roles = rolesFor(method, path);
    if (!roles.includes(identity.role)) {
      throw new ProblemError(403, `the role ${identity.role} may not do this`, {
        hint: `it needs ${roles.join(' or ')}`,
      });
    }
    c.set('identity', identity);
    return next();
  };
}
