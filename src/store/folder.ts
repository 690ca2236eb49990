import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError, reasonOf } from '../core/error.ts';

/**
 * Makes a folder that only its owner may read, with those above it. One at a time: Node's recursive `mkdir` never ends where
 * the system answers ENOENT although the parent is there, as /proc does (nodejs/node issue 31481).
 */
export function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (thrown) {
    // Somebody else was faster.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
    throw new AppError('data-folder', `the folder ${path} cannot be made: ${reasonOf(thrown)}`, {
      hint: 'choose another one with --data',
    });
  }
}
