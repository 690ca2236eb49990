import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { type Repositories, repositories } from '../../src/store/repositories/index.ts';
import type { Store } from '../../src/store/store.ts';
import { alertingContract } from './contract/alerting.ts';
import { auditContract } from './contract/audits.ts';
import { findingContract } from './contract/findings.ts';
import type { Fixture } from './contract/fixture.ts';
import { monitorContract } from './contract/monitors.ts';
import { peopleContract } from './contract/people.ts';
import { storeContract } from './contract/store.ts';
import { existingPostgres, type PostgresServer, startPostgres } from './postgres.ts';

/** Where fresh stores come from. Each test gets an empty one. */
interface Backend {
  name: string;
  start(): Promise<{ url(): Promise<string>; stop(): Promise<void> }>;
}

const sqlite: Backend = {
  name: 'SQLite',
  async start() {
    const folder = await mkdtemp(join(tmpdir(), 'seaworthy-store-'));
    let n = 0;
    return {
      url: async () => `sqlite:${join(folder, `${++n}.db`)}`,
      stop: () => rm(folder, { recursive: true, force: true }),
    };
  },
};
const postgres = (name: string, start: () => Promise<PostgresServer>): Backend => ({
  name,
  async start() {
    const server = await start();
    return { url: server.fresh, stop: server.stop };
  },
});
const given = process.env.DATABASE_URL;
const backends = [
  sqlite,
  postgres('PostgreSQL', startPostgres),
  ...(given ? [postgres('PostgreSQL at DATABASE_URL', async () => existingPostgres(given))] : []),
];

/** Notes which methods were called, so that none escapes the suite on any database. */
function recorded(repos: Repositories, called: Set<string>): Repositories {
  const entries = Object.entries(repos).map(([concept, repo]) => [
    concept,
    new Proxy(repo, {
      get(target, method, receiver) {
        called.add(`${concept}.${String(method)}`);
        return Reflect.get(target, method, receiver);
      },
    }),
  ]);
  return Object.fromEntries(entries) as Repositories;
}

describe.each(backends)('$name', (backend) => {
  const called = new Set<string>();
  const opened: Store[] = [];
  let running: Awaited<ReturnType<Backend['start']>>;
  let everything: string[] = [];

  beforeAll(async () => {
    running = await backend.start();
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
  });
  afterAll(() => running?.stop());

  const open = async (): Promise<Fixture> => {
    const store = await openStore({ url: await running.url(), now: 1 });
    opened.push(store);
    const repos = repositories(store);
    everything = Object.entries(repos).flatMap(([concept, repo]) =>
      Object.keys(repo).map((key) => `${concept}.${key}`),
    );
    return { store, repos: recorded(repos, called) };
  };

  describe('the store', () => storeContract(open));
  describe('audits', () => auditContract(open));
  describe('findings', () => findingContract(open));
  describe('monitors', () => monitorContract(open));
  describe('alerting', () => alertingContract(open));
  describe('people', () => peopleContract(open));

  it('was asked for every method of every repository', () => {
    expect(everything.filter((method) => !called.has(method))).toEqual([]);
  });
});
