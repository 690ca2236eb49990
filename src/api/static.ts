import { readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import type { Context } from 'hono';
import { html } from 'hono/html';
import type { ApiEnv } from './env.ts';
import { page } from './html.ts';
import { pagePolicy } from './security-headers.ts';

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=UTF-8',
  '.css': 'text/css; charset=UTF-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=UTF-8',
  '.webmanifest': 'application/manifest+json',
};

/** Serves the built dashboard: files as they are, and its one page for every place that it knows by itself. */
export interface StaticFiles {
  /** `null` where the path is none of its files and no place for its page. */
  serve(c: Context<ApiEnv>): Promise<Response | null>;
}

/** Reads `index.html` once; `folder` is the output of the build. */
export function staticFiles(folder: string): StaticFiles {
  let index: string | null = null;
  try {
    index = readFileSync(join(folder, 'index.html'), 'utf8');
  } catch {
    // Not built: a page of ours says so.
  }

  const serveIndex = (c: Context<ApiEnv>): Promise<Response> | Response => {
    if (index === null) return notBuilt(c);
    const nonce = c.get('nonce');
    return c.body(index.replaceAll('__CSP_NONCE__', nonce), 200, {
      'Content-Type': 'text/html; charset=UTF-8',
      'Content-Security-Policy': pagePolicy(nonce),
    });
  };

  return {
    async serve(c) {
      if (c.req.method !== 'GET' && c.req.method !== 'HEAD') return null;
      const { path } = c.req;
      if (/^\/(?:api|ping|badge)(?:\/|$)/.test(path)) return null;
      const type = TYPES[extname(path)];
      if (type === undefined) return serveIndex(c);
      const name = decoded(path);
      if (name === null) return null;
      const file = normalize(join(folder, name));
      if (!file.startsWith(folder + sep) || file.includes('\0')) return null;
      const found = await stat(file).catch(() => null);
      if (!found?.isFile()) return null;
      return c.body(new Uint8Array(await readFile(file)), 200, {
        'Content-Type': type,
        // The build puts a hash of the content into the names of its assets.
        'Cache-Control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      });
    },
  };
}

/** `null` where the escapes of a path are none, which is the caller's mistake and no crash of ours. */
function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

function notBuilt(c: Context<ApiEnv>): Promise<Response> {
  return page(
    c,
    'Seaworthy',
    html`<h1>Seaworthy is running</h1>
      <p>The dashboard has not been built. Run <code>npm run build</code> and start the service again.</p>
      <p>The API answers: <a href="/api/docs">/api/docs</a>; the public status page is <a href="/status">/status</a>.</p>`,
  );
}
