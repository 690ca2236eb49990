import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The package's version, from the nearest package.json above this file (it lies deeper once it is built). */
export function version(): string {
  let dir = import.meta.dirname;
  while (!existsSync(join(dir, 'package.json')) && dir !== dirname(dir)) dir = dirname(dir);
  return /"version":\s*"([^"]+)"/.exec(readFileSync(join(dir, 'package.json'), 'utf8'))?.[1] ?? 'unknown';
}
