import { chmodSync } from 'node:fs';
import Database from 'better-sqlite3';
import { AppError } from '../core/error.ts';

/**
 * Holds `FILE.lock` until released or until the process ends, however it ends: it is a SQLite database kept in an
 * exclusive transaction, so that the lock is the kernel's and a crash leaves nothing stale.
 */
export function holdSqlite(file: string): () => void {
  const lock = new Database(`${file}.lock`, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    chmodSync(`${file}.lock`, 0o600);
  } catch (thrown) {
    lock.close();
    if (thrown instanceof Database.SqliteError && thrown.code.startsWith('SQLITE_BUSY')) {
      throw new AppError('store-in-use', `another seaworthy service already runs on the store ${file}`, {
        hint: 'stop it first, or give this one its own --data folder',
      });
    }
    throw thrown;
  }
  return () => lock.close();
}
