import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError, reasonOf } from '../core/error.ts';

/** Writes a file whole or not at all: a reader never sees half of it, and a failure leaves what was there. */
export function writeWhole(path: string, text: string, mode = 0o644): void {
  const full = resolve(path);
  if (statSync(full, { throwIfNoEntry: false })?.isFile() === false) {
    writeThrough(full, path, text);
    return;
  }
  const temporary = join(dirname(full), `.${basename(full)}.${randomBytes(6).toString('hex')}`);
  try {
    const file = openSync(temporary, 'wx', mode);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, full);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw unwritable(path, error);
  }
}

/** A pipe or a device (`/dev/stdout`) cannot be replaced, only written to. */
function writeThrough(full: string, path: string, text: string): void {
  try {
    const file = openSync(full, 'w');
    try {
      writeFileSync(file, text);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw unwritable(path, error);
  }
}

function unwritable(path: string, error: unknown): AppError {
  return new AppError('not-written', `${path} could not be written: ${reasonOf(error)}`, { cause: error });
}
