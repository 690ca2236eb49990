import { isAbsolute, join, resolve } from 'node:path';

/** An absolute path from one in the configuration: `~` is HOME, the rest is relative to `dir`. */
export function expandPath(path: string, dir: string, env: Readonly<Record<string, string | undefined>>): string {
  if (path === '~' || path.startsWith('~/')) return join(env.HOME ?? '/', path.slice(1));
  return isAbsolute(path) ? path : resolve(dir, path);
}
