import { isAbsolute, resolve } from 'node:path';
import { AppError } from '../core/error.ts';
import type { Store, StoreOptions } from './store.ts';

/** Opens the store, creating and migrating it where it may. Throws `AppError` for everything a person can act on. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { url } = options;
  if (url.startsWith('sqlite:')) {
    const path = url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '');
    if (path === '' || path.includes(':memory:')) {
      throw new AppError('store-url', `"${url}" names no file`, { hint: 'write sqlite:/path/to/seaworthy.db' });
    }
    const { openSqlite } = await import('./sqlite.ts');
    return openSqlite(isAbsolute(path) ? path : resolve(path), options);
  }
  if (/^postgres(ql)?:\/\//.test(url)) {
    const { openPostgres } = await import('./postgres.ts');
    return openPostgres(url, options);
  }
  throw new AppError('store-url', 'the store URL is of no known kind', {
    hint: 'write sqlite:/path/to/seaworthy.db or postgres://user:password@host/database',
  });
}
