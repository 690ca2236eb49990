import { join, resolve } from 'node:path';

/** Where the service keeps its state unless told otherwise. */
export function dataDir(given: string | undefined, env: Readonly<Record<string, string | undefined>>): string {
  return resolve(given ?? env.SEAWORTHY_DATA ?? 'data');
}

/** URL of the store: `DATABASE_URL` where it is set, else a file in the data folder. */
export function storeUrl(given: string | undefined, env: Readonly<Record<string, string | undefined>>): string {
  if (given === undefined && env.DATABASE_URL) return env.DATABASE_URL;
  return `sqlite:${join(dataDir(given, env), 'seaworthy.db')}`;
}

/** The same for a message: without the password. */
export function storeName(url: string): string {
  return url.replace(/^(postgres(?:ql)?:\/\/[^:@/]*):[^@]*@/, '$1@').replace(/^sqlite:/, '');
}
