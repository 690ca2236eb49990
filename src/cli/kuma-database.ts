import Database from 'better-sqlite3';
import type { Imported } from '../import/imported.ts';
import { fromKumaRows } from '../import/uptime-kuma.ts';

/** Reads monitors and names of notifications from a copy of Uptime Kuma's database. Nothing is written to it. */
export async function readKumaDatabase(path: string): Promise<Imported> {
  const db = new Database(path, { readonly: true, fileMustExist: true });
  try {
    const monitors = db.prepare('SELECT * FROM monitor ORDER BY id LIMIT 100000').all();
    const notifications = db
      .prepare<[], { name: string }>('SELECT name FROM notification ORDER BY id LIMIT 10000')
      .all();
    return fromKumaRows(
      monitors,
      notifications.map(({ name }) => name),
    );
  } finally {
    db.close();
  }
}
