import { randomBytes } from 'node:crypto';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ApiEnv, Identity } from './env.ts';
import { clearSession, hashSecret, isOwnOrigin, SESSION_MS, setSession } from './identity.ts';
import type { LoginCodes } from './login-codes.ts';
import { NO_QUERY } from './paging.ts';
import { ROLES } from './permissions.ts';
import type { ApiPorts } from './ports.ts';
import { PROBLEMS, ProblemError } from './problem.ts';
import type { RateLimit } from './rate-limit.ts';
import { json } from './schemas.ts';

export const me = z.object({ name: z.string().nullable(), role: z.enum(ROLES), version: z.string() }).openapi('Me');

const login = createRoute({
  method: 'post',
  path: '/api/v1/session',
  tags: ['session'],
  summary: 'Log a browser in',
  description: 'Takes the one-time code of the log-in link, or a token. Ten attempts a minute.',
  security: [],
  request: {
    query: NO_QUERY,
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.union([
            z.strictObject({ code: z.string().min(1).max(200) }),
            z.strictObject({ token: z.string().min(1).max(200) }),
          ]),
        },
      },
    },
  },
  responses: { 200: json(me, 'A cookie has been set'), ...PROBLEMS },
});

const logout = createRoute({
  method: 'delete',
  path: '/api/v1/session',
  tags: ['session'],
  summary: 'Log out',
  security: [],
  request: { query: NO_QUERY },
  responses: { 204: { description: 'The session is gone' }, ...PROBLEMS },
});

const whoAmI = createRoute({
  method: 'get',
  path: '/api/v1/me',
  tags: ['session'],
  summary: 'Who is asking',
  request: { query: NO_QUERY },
  responses: { 200: json(me, 'Name and role'), ...PROBLEMS },
});

export interface SessionOptions {
  secure: boolean;
  codes: LoginCodes;
  attempts: RateLimit;
  remoteOf(c: Context): string;
}

export function sessionRoutes(app: OpenAPIHono<ApiEnv>, ports: ApiPorts, options: SessionOptions): void {
  const ownOnly = (c: Context<ApiEnv>) => {
    const sent = c.req.header('origin') !== undefined || c.req.header('sec-fetch-site') !== undefined;
    if (sent && !isOwnOrigin(c))
      throw new ProblemError(403, 'log-ins from other sites are refused', { type: 'cross-site' });
  };

  app.openapi(login, async (c) => {
    ownOnly(c);
    const waitMs = options.attempts.take(options.remoteOf(c), ports.now());
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1_000);
      throw new ProblemError(429, `too many attempts to log in; try again in ${seconds} s`, {
        headers: { 'Retry-After': String(seconds) },
      });
    }
    const body = c.req.valid('json');
    let identity: Identity | null;
    if ('code' in body) {
      const role = options.codes.redeem(body.code, ports.now());
      identity = role ? { name: 'log-in link', role, via: 'session' } : null;
    } else {
      identity = await ports.identities.token(hashSecret(body.token));
    }
    if (!identity) {
      throw new ProblemError(
        401,
        'code' in body ? 'this log-in link has been used or is too old' : 'this token is not known',
        {
          hint: 'use a token: `seaworthy token create --role admin` prints one',
        },
      );
    }
    const secret = randomBytes(32).toString('base64url');
    await ports.identities.openSession({
      hash: hashSecret(secret),
      identity: { ...identity, via: 'session' },
      tokenHash: 'token' in body ? hashSecret(body.token) : null,
      expiresAt: ports.now() + SESSION_MS,
    });
    setSession(c, secret, options.secure);
    return c.json({ name: identity.name, role: identity.role, version: ports.version }, 200);
  });

  app.openapi(logout, async (c) => {
    ownOnly(c);
    const secret = clearSession(c, options.secure);
    if (secret !== undefined) await ports.identities.closeSession(hashSecret(secret));
    return c.body(null, 204);
  });

  app.openapi(whoAmI, (c) => {
    const identity = c.get('identity');
    if (!identity) throw new ProblemError(401, 'nobody is logged in');
    return c.json({ name: identity.name, role: identity.role, version: ports.version }, 200);
  });
}
