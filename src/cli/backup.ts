import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '../core/error.ts';
import { addDataOption, withStore } from './store.ts';
import type { Define } from './verbs.ts';

export const define: Define = (command, io) => {
  addDataOption(command)
    .argument('<file>', 'where to write the copy; it must not exist')
    .action(async (file: string, { data }: { data?: string }) => {
      const path = resolve(io.cwd, file);
      if (existsSync(path)) {
        throw new AppError('file-exists', `${file} exists`, { hint: 'a backup never overwrites; name another file' });
      }
      await withStore(data, io, (store) => store.backup(path), { readOnly: true });
      io.err(`wrote ${file}\n`);
    });
};
