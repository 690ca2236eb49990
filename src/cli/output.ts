import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError, EXIT, reasonOf } from '../core/error.ts';
import type { AuditReport } from '../core/report.ts';
import { reaches } from '../core/severity.ts';
import type { PrettyOptions } from '../report/pretty.ts';
import { couldNotLook, worstFailure } from '../report/summary.ts';
import type { AuditOptions } from './audit-options.ts';
import type { Io } from './io.ts';

/** How a report is drawn: colour only where it goes to a terminal. */
export function prettyOptions(
  options: Pick<AuditOptions, 'output' | 'verbose'>,
  io: Io,
  meta: PrettyOptions['meta'],
): PrettyOptions {
  const toFile = options.output !== undefined;
  return {
    meta,
    width: toFile ? 80 : Math.min(io.width, 120),
    color: io.color && !toFile,
    verbose: options.verbose === true,
  };
}

/** The report to stdout, or whole to a file. */
export async function deliver(text: string, output: string | undefined, io: Io): Promise<void> {
  if (output === undefined || output === '-') await io.out(text);
  else writeWhole(output, text);
}

/** 1 where something fails at `failOn` or worse, 3 where nothing could be looked at. */
export function exitFor(report: AuditReport, options: Pick<AuditOptions, 'failOn' | 'quiet'>, io: Io): void {
  const worst = worstFailure(report.targets);
  if (worst !== undefined && reaches(worst, options.failOn)) io.exit(EXIT.failed);
  else if (couldNotLook(report.targets)) {
    if (!options.quiet) io.err('seaworthy: nothing could be looked at\n');
    io.exit(EXIT.couldNotLook);
  }
}

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
