import { constants, type Dirent } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What is scanned of one content at most. */
export const MAX_CONTENT_BYTES = 32 * 1024 * 1024;
const MAX_FILES = 500_000;
/** Other people's code as package managers put it, and git's own: counted, not scanned. */
const EXCLUDED = new Set(['.git', 'node_modules', 'vendor', '.venv', 'bower_components']);

/** The beginning of a regular file and whether there is more; `null` for anything else: links, pipes, devices. */
export async function readRegular(
  path: string,
  limit = MAX_CONTENT_BYTES,
): Promise<{ bytes: Buffer; size: number } | null> {
  // Not following a link and not waiting for the writer of a pipe, whatever has happened since the directory was read.
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) return null;
    const buffer = Buffer.allocUnsafe(Math.min(stat.size, limit));
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return { bytes: buffer.subarray(0, filled), size: stat.size };
  } finally {
    await handle.close();
  }
}

/** All regular files below `root`, without following links; what was left out or could not be read is told. */
export async function walk(
  root: string,
  signal: AbortSignal,
): Promise<{ files: string[]; excluded: string[]; unreadable: string[]; truncated: boolean }> {
  const files: string[] = [];
  const excluded: string[] = [];
  const unreadable: string[] = [];
  const waiting = [''];
  for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
    signal.throwIfAborted();
    let entries: Dirent[];
    try {
      entries = await readdir(join(root, directory), { withFileTypes: true });
    } catch {
      unreadable.push(directory);
      continue;
    }
    for (const entry of entries) {
      const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
      if (entry.isDirectory()) {
        if (EXCLUDED.has(entry.name)) excluded.push(path);
        else waiting.push(path);
      } else if (entry.isFile()) {
        if (files.length >= MAX_FILES) return { files: files.sort(), excluded, unreadable, truncated: true };
        files.push(path);
      }
    }
  }
  return { files: files.sort(), excluded, unreadable, truncated: false };
}
