import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMigrations } from '../../src/store/migrations.ts';
import { openStore } from '../../src/store/open.ts';
import { repositories } from '../../src/store/repositories/index.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';

const OWN = join(import.meta.dirname, '../../migrations');
const shipped = readMigrations('sqlite').length;
let folder: string;
let server: PostgresServer;
let n = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seaworthy-migrate-'));
  server = await startPostgres();
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Our migrations, and more after them. */
function withMore(...sql: string[]): string {
  const root = join(folder, `migrations-${++n}`);
  cpSync(OWN, root, { recursive: true });
  for (const [index, text] of sql.entries()) {
    const name = `${String(shipped + index + 1).padStart(4, '0')}_more.sql`;
    for (const dialect of ['sqlite', 'postgres']) writeFileSync(join(root, dialect, name), text);
  }
  return root;
}
const ADD = 'CREATE TABLE added (id integer PRIMARY KEY);';

describe.each([
  { name: 'SQLite', fresh: async () => `sqlite:${join(folder, `${++n}.db`)}` },
  { name: 'PostgreSQL', fresh: () => server.fresh() },
])('migrating $name', ({ fresh }) => {
  const open = (url: string, migrations: string) => openStore({ url, migrations, now: 1 });
  const withData = async () => {
    const url = await fresh();
    const store = await open(url, OWN);
    await store.write((q) => repositories(store).meta.set(q, 'kept', 'yes'));
    await store.close();
    return url;
  };
  const kept = async (url: string, migrations: string) => {
    const store = await open(url, migrations);
    const value = await repositories(store).meta.get('kept');
    await store.close();
    return value;
  };

  it('applies what is new, once', async () => {
    const url = await withData();
    const more = withMore(ADD, 'DROP TABLE added;');
    expect(await kept(url, more)).toBe('yes');
    expect(await kept(url, more)).toBe('yes');
  });

  it('refuses a store that is newer than the program and leaves it alone', async () => {
    const url = await withData();
    const more = withMore(ADD);
    await kept(url, more);
    await expect(open(url, OWN)).rejects.toMatchObject({ code: 'store-newer' });
    await expect(openStore({ url, migrations: OWN, now: 1, readOnly: true })).rejects.toMatchObject({
      code: 'store-newer',
    });
    expect(await kept(url, more)).toBe('yes');
  });

  it('refuses a migration that was edited after it was applied', async () => {
    const url = await withData();
    await kept(url, withMore(ADD));
    await expect(open(url, withMore(`${ADD} -- edited`))).rejects.toMatchObject({ code: 'migration-changed' });
  });

  it('undoes a migration that fails half-way and keeps the ones before it', async () => {
    const url = await withData();
    await expect(open(url, withMore(ADD, 'DROP TABLE added; DELETE FROM meta; NONSENSE;'))).rejects.toThrow(/NONSENSE/);
    expect(await kept(url, withMore(ADD, 'DROP TABLE added;'))).toBe('yes');
  });

  it('lets several processes start at once', async () => {
    const url = await fresh();
    const stores = await Promise.all(Array.from({ length: 4 }, () => open(url, OWN)));
    for (const store of stores) await store.close();
  });

  it('does not let a reader migrate', async () => {
    const url = await withData();
    await expect(openStore({ url, migrations: withMore(ADD), now: 1, readOnly: true })).rejects.toMatchObject({
      code: 'store-outdated',
      hint: expect.stringContaining('seaworthy migrate'),
    });
  });
});

describe('the files', () => {
  it('are refused with a gap, a repeat or a wrong name', () => {
    const gap = withMore(ADD);
    cpSync(join(gap, 'sqlite/0001_init.sql'), join(gap, `sqlite/${String(shipped + 3).padStart(4, '0')}_late.sql`));
    expect(() => readMigrations('sqlite', gap)).toThrow(/expected migration/);
    const twice = withMore(ADD);
    cpSync(join(twice, 'sqlite/0001_init.sql'), join(twice, 'sqlite/0001_other.sql'));
    expect(() => readMigrations('sqlite', twice)).toThrow(/expected migration 2, found 1/);
    const named = withMore(ADD);
    writeFileSync(join(named, 'sqlite/2-more.sql'), '');
    expect(() => readMigrations('sqlite', named)).toThrow(/NNNN_name/);
  });
});

describe('SQLite', () => {
  it('is copied before it is changed, and the copy opens with the older program', async () => {
    const file = join(folder, 'copied.db');
    const first = await openStore({ url: `sqlite:${file}`, now: 1 });
    await first.write((q) => repositories(first).meta.set(q, 'kept', 'yes'));
    await first.close();
    await (await openStore({ url: `sqlite:${file}`, migrations: withMore(ADD), now: 1 })).close();
    const copy = `${file}.before-${String(shipped + 1).padStart(4, '0')}`;
    const old = await openStore({ url: `sqlite:${copy}`, now: 1 });
    expect(await repositories(old).meta.get('kept')).toBe('yes');
    await old.close();
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
  });

  it('makes no copy of a store that is new', async () => {
    const own = join(folder, 'new');
    mkdirSync(own);
    await (await openStore({ url: `sqlite:${join(own, 's.db')}`, now: 1 })).close();
    expect(readdirSync(own)).toEqual(['s.db']);
  });

  it('keeps the rows of a table whose owner is rebuilt', async () => {
    const file = join(folder, 'children.db');
    const parents = `CREATE TABLE parent (id text PRIMARY KEY);
      CREATE TABLE child (id text PRIMARY KEY, parent text REFERENCES parent (id) ON DELETE CASCADE);
      INSERT INTO parent VALUES ('p'); INSERT INTO child VALUES ('c', 'p');`;
    const rebuild = `CREATE TABLE parent_new (id text PRIMARY KEY, extra text); INSERT INTO parent_new (id) SELECT id FROM parent;
      DROP TABLE parent; ALTER TABLE parent_new RENAME TO parent;`;
    await (await openStore({ url: `sqlite:${file}`, migrations: withMore(parents, rebuild), now: 1 })).close();
    const client = new Database(file);
    expect(client.prepare('SELECT count(*) FROM child').pluck().get()).toBe(1);
    expect(client.pragma('foreign_keys', { simple: true })).toBe(1);
    client.close();
  });

  it('refuses a migration that leaves rows without their owner', async () => {
    const file = join(folder, 'orphans.db');
    const orphan = `CREATE TABLE parent (id text PRIMARY KEY); CREATE TABLE child (parent text REFERENCES parent (id));
      INSERT INTO child VALUES ('nobody');`;
    const more = withMore(orphan);
    await expect(openStore({ url: `sqlite:${file}`, migrations: more, now: 1 })).rejects.toMatchObject({
      code: 'migration-failed',
    });
    const client = new Database(file, { readonly: true });
    expect(client.prepare("SELECT count(*) FROM sqlite_master WHERE name = 'child'").pluck().get()).toBe(0);
    client.close();
    expect(existsSync(file)).toBe(true);
    rmSync(file);
  });
});
