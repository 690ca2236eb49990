import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readMigrations } from '../../src/store/migrations.ts';
import { openStore } from '../../src/store/open.ts';
import { repositories } from '../../src/store/repositories/index.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';

const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 5);
let folder: string;
const children: ChildProcess[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seaworthy-crash-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(script: string, ...args: string[]) {
  const path = join(import.meta.dirname, 'crash', script);
  const child = spawn(process.execPath, ['--import', 'tsx', path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const errors: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  return {
    child,
    stdout: child.stdout.setEncoding('utf8'),
    errors,
    ended: new Promise((end) => child.on('close', end)),
  };
}

/** Lets a child save audits and kills it as soon as it has reported `count` of them. Answers what it reported. */
async function saveAndKill(url: string, prefix: string, count: number): Promise<string[]> {
  const { child, stdout, errors, ended } = run('save.ts', url, prefix);
  let text = '';
  stdout.on('data', (more: string) => {
    text += more;
    if (text.split('\n').length > count) child.kill('SIGKILL');
  });
  await ended;
  const reported = text.split('\n').slice(0, -1);
  expect(reported.length, errors.join('')).toBeGreaterThanOrEqual(count);
  return reported;
}

async function checkSaved(url: string, reported: readonly string[]): Promise<void> {
  const store = await openStore({ url, now: 1, exclusive: true });
  const repos = repositories(store);
  expect(await store.problems()).toEqual([]);
  const audits = await store.read.select().from(store.t.audits);
  const saved = new Set(audits.map((row) => row.id));
  expect(reported.filter((id) => !saved.has(id))).toEqual([]);
  // All or nothing: what was saved without being reported is whole as well.
  const messages = await store.read.select().from(store.t.outbox);
  expect(new Set(messages.map((row) => row.id))).toEqual(saved);
  expect(audits.map((row) => row.run).sort((a, b) => a - b)).toEqual(audits.map((_, index) => index + 1));
  const newest = await repos.audits.latest('shop-web');
  expect(newest?.run).toBe(audits.length);
  const { bundle } = await repos.facts.load('shop-web', newest!.facts!);
  expect(bundle.facts.http?.ok).toBe(true);
  expect(await repos.findings.asOf(newest!.id)).toHaveLength(20);
  await store.close();
}

describe('a store whose process is killed while it saves', { timeout: 30_000 * (ROUNDS + 1) }, () => {
  it('opens again, is sound, and has all that was reported done (SQLite)', async () => {
    const url = `sqlite:${join(folder, 'saved.db')}`;
    const reported: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      reported.push(...(await saveAndKill(url, `r${round}`, 1 + Math.floor(Math.random() * 40))));
      await checkSaved(url, reported);
    }
  });

  it('opens again, is sound, and has all that was reported done (PostgreSQL)', async () => {
    let server: PostgresServer | undefined;
    try {
      server = await startPostgres();
      const url = await server.fresh();
      const reported: string[] = [];
      for (let round = 0; round < 2; round += 1) {
        reported.push(...(await saveAndKill(url, `r${round}`, 1 + Math.floor(Math.random() * 20))));
        await expect
          .poll(() => openStore({ url, now: 1, exclusive: true }).then((store) => store.close()), { timeout: 20_000 })
          .toBeUndefined();
        await checkSaved(url, reported);
      }
    } finally {
      await server?.stop();
    }
  });
});

describe('a store whose process is killed while it migrates', { timeout: 30_000 * (ROUNDS + 1) }, () => {
  const STEPS = 6;
  const ROWS = 40_000;
  const shipped = readMigrations('sqlite').length;

  /** Our migrations and six slow ones, each of which copies a table to a new one and drops the old. */
  function slowMigrations(): string {
    const root = join(folder, 'slow');
    if (existsSync(root)) return root;
    cpSync(join(import.meta.dirname, '../../migrations'), root, { recursive: true });
    for (let step = 1; step <= STEPS; step += 1) {
      const sql =
        step === 1
          ? `CREATE TABLE grown1 (id integer PRIMARY KEY, body text);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})
             INSERT INTO grown1 SELECT i, printf('%0200d', i) FROM n;`
          : `CREATE TABLE grown${step} (id integer PRIMARY KEY, body text);
             INSERT INTO grown${step} SELECT id, body FROM grown${step - 1}; DROP TABLE grown${step - 1};`;
      writeFileSync(join(root, 'sqlite', `${String(shipped + step).padStart(4, '0')}_slow.sql`), sql);
    }
    return root;
  }

  /** Waits until the ledger has come to that number, or until the child has ended. */
  async function stepReached(file: string, number: number, ended: Promise<unknown>): Promise<void> {
    let over = false;
    void ended.then(() => {
      over = true;
    });
    const client = new Database(file, { readonly: true });
    const newest = client.prepare('SELECT max(number) FROM schema_migrations').pluck();
    while (!over && Number(newest.get()) < number) await sleep(1);
    client.close();
  }

  it('goes on where it stopped and loses nothing', async () => {
    const migrations = slowMigrations();
    const stops = new Set<number>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const file = join(folder, `migrated-${round}.db`);
      const before = await openStore({ url: `sqlite:${file}`, now: 1 });
      await before.write((q) => repositories(before).meta.set(q, 'kept', 'yes'));
      await before.close();

      const { child, stdout, errors, ended } = run('migrate.ts', `sqlite:${file}`, migrations);
      await new Promise((resolve) => stdout.once('data', resolve));
      await stepReached(file, shipped + (round % STEPS), ended);
      await sleep(Math.random() * 150); // not to wait for anything: where in the next step to hit
      child.kill('SIGKILL');
      await ended;
      expect(errors.join('')).toBe('');

      const client = new Database(file);
      const tables = client.prepare("SELECT name FROM sqlite_master WHERE name LIKE 'grown%'").pluck().all();
      const done = Number(client.prepare('SELECT max(number) FROM schema_migrations').pluck().get()) - shipped;
      client.close();
      stops.add(done);
      expect(tables).toEqual(done === 0 ? [] : [`grown${done}`]); // each step wholly or not at all

      const after = await openStore({ url: `sqlite:${file}`, migrations, now: 1 });
      expect(await after.problems()).toEqual([]);
      expect(await repositories(after).meta.get('kept')).toBe('yes');
      await after.close();
      const finished = new Database(file, { readonly: true });
      expect(finished.prepare(`SELECT count(*) FROM grown${STEPS}`).pluck().get()).toBe(ROWS);
      finished.close();
      const copy = readdirSync(folder).find(
        (name) => name === `migrated-${round}.db.before-${String(shipped + 1).padStart(4, '0')}`,
      );
      if (copy) {
        const old = await openStore({ url: `sqlite:${join(folder, copy)}`, now: 1, readOnly: true });
        expect(await repositories(old).meta.get('kept')).toBe('yes');
        await old.close();
      }
    }
    expect(stops.size).toBeGreaterThan(1);
  });
});
