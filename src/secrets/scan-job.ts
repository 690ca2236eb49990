import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '../core/error.ts';
import type { ScanState } from './engine.ts';
import type { Examine, Examined } from './examine.ts';
import { MAX_CONTENT_BYTES } from './files.ts';

/**
 * What a thread is given: files that it reads itself, or contents one behind the other in one buffer. `similar` names for
 * each content an earlier one of the job that it resembles, or -1.
 */
export type ScanJob =
  | { kind: 'files'; root: string; files: readonly string[] }
  | { kind: 'contents'; bytes: Uint8Array; ends: readonly number[]; similar: readonly number[] };

/** What became of one item of a job. `none`: there is nothing to scan (a link, a pipe, a file that has gone). */
export type Outcome = { kind: 'examined'; examined: Examined } | { kind: 'missed'; reason: string } | { kind: 'none' };

export function itemCount(job: ScanJob): number {
  return job.kind === 'files' ? job.files.length : job.ends.length;
}

/** Examines one item of a job after the other. Never throws. */
export type ItemExaminer = (item: number) => Outcome;

/** Reads synchronously: in a thread of its own that takes a third of the time. */
export function createItemExaminer(job: ScanJob, examine: Examine): ItemExaminer {
  if (job.kind === 'files') return (item) => examineFile(job.root, job.files[item] ?? '', examine);
  const states: (ScanState | null)[] = [];
  return (item) => {
    const start = job.ends[item - 1] ?? 0;
    const end = job.ends[item] ?? start;
    const bytes = Buffer.from(job.bytes.buffer, job.bytes.byteOffset + start, end - start);
    const { state, ...examined } = examine(bytes, states[job.similar[item] ?? -1]);
    states[item] = state;
    return { kind: 'examined', examined };
  };
}

/** Deleted in the work tree, or a link: its target is scanned where it lies, if it lies here. */
const NOTHING_THERE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EMLINK', 'ENXIO', 'EISDIR']);

function examineFile(root: string, file: string, examine: Examine): Outcome {
  // An index is data of the repository's: git prints what stands in it, also what would lead out of the work tree.
  if (file.startsWith('/') || file.split('/').includes('..'))
    return { kind: 'missed', reason: 'lies outside the repository' };
  if (file.includes('\ufffd')) return { kind: 'missed', reason: 'its name is not UTF-8' };
  try {
    const read = readWhole(join(root, file));
    if (read === null) return { kind: 'none' };
    const { state: _, ...examined } = examine(read.bytes);
    if (read.size > read.bytes.length) {
      const megabytes = MAX_CONTENT_BYTES / 1024 / 1024;
      examined.missed.push(`not fully scanned: only the first ${megabytes} MB of ${read.size} bytes`);
    }
    return { kind: 'examined', examined };
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
    return NOTHING_THERE.has(code)
      ? { kind: 'none' }
      : { kind: 'missed', reason: `could not be read: ${reasonOf(thrown)}` };
  }
}

/** The beginning of a regular file; `null` for anything else. To open a device may already do something, hence the first look. */
function readWhole(path: string): { bytes: Buffer; size: number } | null {
  if (!lstatSync(path).isFile()) return null;
  // Not following a link and not waiting for the writer of a pipe, whatever has happened since.
  const handle = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(handle);
    if (!stat.isFile()) return null;
    const bytes = Buffer.allocUnsafe(Math.min(stat.size, MAX_CONTENT_BYTES));
    let filled = 0;
    while (filled < bytes.length) {
      const count = readSync(handle, bytes, filled, bytes.length - filled, filled);
      if (count === 0) break;
      filled += count;
    }
    return { bytes: bytes.subarray(0, filled), size: stat.size };
  } finally {
    closeSync(handle);
  }
}
