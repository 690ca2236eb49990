import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../src/core/error.ts';
import { openStore } from '../../src/store/open.ts';
import { repositories } from '../../src/store/repositories/index.ts';
import type { Store, StoreOptions } from '../../src/store/store.ts';
import { finding } from '../support/findings.ts';
import { saveAudit } from './contract/fixture.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';

const root = process.getuid?.() === 0;
const opened: Store[] = [];
let folder: string;
let n = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seaworthy-open-'));
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const freshFile = () => join(folder, `${++n}`, 'store.db');
async function open(file: string, more: Partial<StoreOptions> = {}): Promise<Store> {
  const store = await openStore({ url: `sqlite:${file}`, now: 1, ...more });
  opened.push(store);
  return store;
}
/** The error that a person would read; anything but an `AppError` fails the test. */
async function refusal(work: Promise<unknown>): Promise<AppError> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(AppError);
  expect((thrown as AppError).message).not.toMatch(/\n|at .*\.ts/);
  return thrown as AppError;
}

describe('opening a SQLite store', () => {
  it('makes folder and file that only the owner can read', async () => {
    const file = freshFile();
    await open(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(file, '..')).mode & 0o777).toBe(0o700);
  });

  it('refuses a second service but not a reader or a command beside it, and lets the next one in afterwards', async () => {
    const file = freshFile();
    const service = await open(file, { exclusive: true });
    const second = await refusal(open(file, { exclusive: true }));
    expect(second.code).toBe('store-in-use');
    expect(second.message).toContain(file);
    const command = await open(file);
    await command.write((q) => repositories(command).meta.set(q, 'from', 'the command line'));
    const reader = await open(file, { readOnly: true });
    expect(await repositories(reader).meta.get('from')).toBe('the command line');
    expect((await refusal(reader.write(async () => 1))).code).toBe('store-read-only');
    await service.close();
    await open(file, { exclusive: true });
  });

  it('waits for a writer in another process without blocking its own', async () => {
    const file = freshFile();
    const store = await open(file);
    const other = new Database(file);
    other.exec('BEGIN IMMEDIATE');
    const write = store.write((q) => repositories(store).meta.set(q, 'k', 1));
    let turns = 0;
    while (turns < 5) {
      await new Promise((resolve) => setImmediate(resolve));
      turns += 1;
    }
    other.exec('COMMIT');
    other.close();
    await write;
    expect(await repositories(store).meta.get('k')).toBe(1);
  });

  it('says what is wrong with a path, a file or a URL', async () => {
    const text = freshFile();
    mkdirSync(join(text, '..'));
    writeFileSync(text, 'not a database, but long enough to look like one. '.repeat(40));
    const foreign = freshFile();
    mkdirSync(join(foreign, '..'));
    new Database(foreign).exec('CREATE TABLE theirs (id)').close();
    const cases: [() => Promise<unknown>, string][] = [
      [() => open(text), 'store-foreign'],
      [() => open(foreign), 'store-foreign'],
      [() => open(freshFile(), { readOnly: true }), 'store-missing'],
      [() => open(folder), 'store-unreadable'],
      [() => open(join(text, 'below-a-file.db')), 'data-folder'],
      [() => openStore({ url: 'sqlite::memory:', now: 1 }), 'store-url'],
      [() => openStore({ url: 'mysql://host/db', now: 1 }), 'store-url'],
    ];
    for (const [work, code] of cases) {
      const error = await refusal(work());
      expect([error.code, error.hint === undefined], error.message).toEqual([code, false]);
    }
    expect(readFileSync(text, 'utf8')).toContain('not a database');
  });

  it('finds a damaged file out', async () => {
    const file = freshFile();
    const store = await open(file);
    await saveAudit(
      { store, repos: repositories(store) },
      1_000,
      Array.from({ length: 500 }, (_, i) => finding({ subject: `${i}` })),
    );
    await store.close();
    const bytes = readFileSync(file);
    bytes.fill(0x5a, 3 * 4096, 60 * 4096);
    writeFileSync(file, bytes);
    const damaged = open(file).then((again) => again.problems());
    const found = await damaged.catch((error: unknown) => [error]);
    expect(found.length).toBeGreaterThan(0);
  });

  it('says so when there is no room left, keeps what was there and goes on when there is room again', async () => {
    const file = freshFile();
    const store = await open(file, { maxBytes: 400_000 });
    const repos = repositories(store);
    await saveAudit({ store, repos }, 1_000, [finding()]);
    const many = Array.from({ length: 2_000 }, (_, i) => finding({ subject: `${i}`, message: 'x'.repeat(200) }));
    const full = await refusal(saveAudit({ store, repos }, 2_000, many));
    expect([full.code, full.exit]).toEqual(['store-full', 3]);
    expect((await repos.audits.page({ limit: 9 })).items).toHaveLength(1);
    expect(await repos.findings.current('shop-web')).toHaveLength(1);
    expect(await store.problems()).toEqual([]);
    await saveAudit({ store, repos }, 3_000, [finding()]);
    expect((await repos.audits.latest('shop-web'))?.run).toBe(2);
  });

  it.skipIf(!root || spawnSync('mount', ['--version']).error)(
    'says so on a full disk and on one that was made read-only (needs root and mount)',
    async ({ skip }) => {
      const mountPoint = join(folder, `${++n}`);
      mkdirSync(mountPoint);
      const mount = (...args: string[]) => spawnSync('mount', args).status;
      if (mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', mountPoint) !== 0) skip('tmpfs cannot be mounted here');
      try {
        const file = join(mountPoint, 'store.db');
        const store = await open(file);
        const repos = repositories(store);
        await saveAudit({ store, repos }, 1_000, [finding()]);
        const many = Array.from({ length: 2_000 }, (_, i) => finding({ subject: `${i}`, message: 'x'.repeat(400) }));
        expect((await refusal(saveAudit({ store, repos }, 2_000, many))).code).toBe('store-full');
        expect(await repos.findings.current('shop-web')).toHaveLength(1);
        expect(await store.problems()).toEqual([]);
        await store.close();
        opened.length = 0;
        expect(mount('-o', 'remount,ro', mountPoint)).toBe(0);
        const error = await refusal(open(file));
        expect(['store-read-only', 'store-unreadable']).toContain(error.code);
      } finally {
        for (const left of opened.splice(0)) await left.close();
        spawnSync('umount', [mountPoint]);
      }
    },
  );

  // Root may write everything; for root the mount above stands in.
  const asUser = root ? () => undefined : it;
  asUser('says so when the file may not be written', async () => {
    const file = freshFile();
    await (await open(file)).close();
    chmodSync(file, 0o400);
    expect((await refusal(open(file))).code).toMatch(/^store-(read-only|unreadable)$/);
  });

  it('copies itself while others write', async () => {
    const file = freshFile();
    const store = await open(file);
    const repos = repositories(store);
    await saveAudit({ store, repos }, 1_000, [finding()]);
    await Promise.all([store.backup(`${file}.copy`), saveAudit({ store, repos }, 2_000, [finding()])]);
    const copy = await open(`${file}.copy`, { readOnly: true });
    expect(await copy.problems()).toEqual([]);
    expect((await repositories(copy).audits.page({ limit: 9 })).items.length).toBeGreaterThan(0);
    expect((await refusal(store.backup(`${file}.copy`))).code).toBe('store-exists');
    expect(existsSync(file)).toBe(true);
    expect(readdirSync(join(file, '..')).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

describe('opening a PostgreSQL store', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  it('says what is wrong with the address, the log-in or the name, and never shows the password', async () => {
    const url = await server.fresh();
    const wrong = (change: (url: URL) => void) => {
      const changed = new URL(url);
      change(changed);
      return openStore({ url: changed.href, now: 1 });
    };
    const cases: [() => Promise<unknown>, string][] = [
      [() => wrong((u) => (u.password = 'hunter2')), 'store-denied'],
      [() => wrong((u) => (u.pathname = '/nowhere')), 'store-missing'],
      [() => wrong((u) => (u.port = '1')), 'store-unreachable'],
      [() => openStore({ url, now: 1, readOnly: true }), 'store-outdated'],
    ];
    for (const [work, code] of cases) {
      const error = await refusal(work());
      expect(error.code, error.message).toBe(code);
      expect(error.message).not.toContain(new URL(url).password);
      expect(error.message).not.toContain('hunter2');
    }
  });

  it('refuses a second service but not a worker beside it', async () => {
    const url = await server.fresh();
    const service = await openStore({ url, now: 1, exclusive: true });
    expect((await refusal(openStore({ url, now: 1, exclusive: true }))).code).toBe('store-in-use');
    const worker = await openStore({ url, now: 1 });
    await worker.close();
    await service.close();
    await (await openStore({ url, now: 1, exclusive: true })).close();
  });

  it('tells its owner when the hold is lost', async () => {
    const url = await server.fresh();
    let lost: () => void = () => undefined;
    const told = new Promise<void>((resolve) => {
      lost = resolve;
    });
    const store = await openStore({ url, now: 1, exclusive: true, onLost: lost });
    const { default: pg } = await import('pg');
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = $1 AND granted', ['advisory']);
    await admin.end();
    await told;
    await store.close();
  });
});
