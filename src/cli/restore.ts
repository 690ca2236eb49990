import { copyFileSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { dataDir, storeUrl } from '../config/store-location.ts';
import { AppError } from '../core/error.ts';
import { makeFolder } from '../store/folder.ts';
import { openStore } from '../store/open.ts';
import type { Io } from './io.ts';
import { addDataOption } from './store.ts';
import type { Define } from './verbs.ts';

export const define: Define = (command, io) => {
  addDataOption(command)
    .argument('<file>', 'a copy that `seaworthy backup` wrote')
    .option('--force', 'put aside the store that is there')
    .action(async (file: string, options: { data?: string; force?: boolean }) => restore(file, options, io));
};

async function restore(file: string, { data, force }: { data?: string; force?: boolean }, io: Io): Promise<void> {
  if (!storeUrl(data, io.env).startsWith('sqlite:')) {
    throw new AppError('restore-postgres', 'a PostgreSQL store is restored with pg_restore');
  }
  const from = resolve(io.cwd, file);
  if (!existsSync(from)) throw new AppError('file-missing', `${file} does not exist`);
  const dir = dataDir(data, io.env);
  const target = join(dir, 'seaworthy.db');
  makeFolder(dir);
  const incoming = `${target}.incoming`;
  copyFileSync(from, incoming);
  try {
    // Opened before it takes the place of anything: a copy that is damaged or too new stays out, an older one is migrated.
    const copy = await openStore({ url: `sqlite:${incoming}`, now: io.now() });
    const problems = await copy.problems().finally(() => copy.close());
    if (problems.length > 0) throw new AppError('backup-damaged', `${file} is damaged: ${problems[0]}`);
    if (existsSync(target)) {
      if (!force) {
        throw new AppError('store-exists', `${target} exists`, { hint: '--force puts it aside and restores' });
      }
      // Held for a moment, so that the store of a running service is not pulled away from under it.
      const held = await openStore({ url: `sqlite:${target}`, now: io.now(), exclusive: true });
      await held.close();
      const aside = `${target}.before-restore-${new Date(io.now()).toISOString().replace(/[:.]/g, '-')}`;
      renameSync(target, aside);
      for (const end of ['-wal', '-shm']) rmSync(target + end, { force: true });
      io.err(`the store that was there is now ${aside}\n`);
    }
    renameSync(incoming, target);
  } finally {
    // With its journal, and the copy that a migration made of it: the file it came from is still there.
    for (const name of readdirSync(dir).filter((name) => name.startsWith(basename(incoming)))) {
      rmSync(join(dir, name), { force: true });
    }
  }
  io.err(`restored ${target}\n`);
}
