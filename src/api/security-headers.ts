import { randomBytes } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import type { ApiEnv } from './env.ts';

/** An answer that is not a page has nothing to load. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** Policy of pages of our own: scripts and styles from our files only, inline styles of the component library by nonce. */
export function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');
}

const FIXED: Record<string, string> = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy':
    'accelerometer=(), autoplay=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Permitted-Cross-Domain-Policies': 'none',
};

/** On every answer, errors and files included. A handler that set its own policy keeps it. */
export function securityHeaders(options: { secure: boolean }): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    c.set('nonce', randomBytes(16).toString('base64url'));
    await next();
    const { headers } = c.res;
    for (const [name, value] of Object.entries(FIXED)) if (!headers.has(name)) headers.set(name, value);
    if (!headers.has('Content-Security-Policy')) headers.set('Content-Security-Policy', NOTHING);
    if (options.secure) headers.set('Strict-Transport-Security', 'max-age=63072000; includeSubDomains');
    // What one person may see must not stay in a cache that others share.
    if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store');
  };
}
