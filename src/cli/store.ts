import type { Command } from 'commander';
import { dataDir, storeUrl } from '../config/store-location.ts';
import { makeFolder } from '../store/folder.ts';
import { openStore } from '../store/open.ts';
import type { Store, StoreOptions } from '../store/store.ts';
import type { Io } from './io.ts';

/** Adds `--data`, as every verb that uses the store has it. */
export function addDataOption(command: Command): Command {
  return command.option(
    '--data <dir>',
    'folder of the store (default: $SEAWORTHY_DATA, else ./data; or $DATABASE_URL)',
  );
}

/** Opens the store for one use and closes it whatever happens. */
export async function withStore<R>(
  data: string | undefined,
  io: Pick<Io, 'env' | 'now'>,
  use: (store: Store) => Promise<R>,
  options: Partial<StoreOptions> = {},
): Promise<R> {
  const url = storeUrl(data, io.env);
  if (url.startsWith('sqlite:') && !options.readOnly) makeFolder(dataDir(data, io.env));
  const store = await openStore({ url, now: io.now(), ...options });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}
