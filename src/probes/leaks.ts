import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AbsentError } from '../core/collected.ts';
import { reasonOf } from '../core/error.ts';
import { gitPlace, runGit } from '../net/git.ts';
import { createCollector, type LeakCollector } from '../secrets/collect.ts';
import { MAX_CONTENT_BYTES, readAhead, readRegular, walk } from '../secrets/files.ts';
import { readIgnoreFile } from '../secrets/ignore-file.ts';
import { createPace } from '../secrets/pace.ts';
import { fullScanner } from '../secrets/scanner.ts';
import { type ProbeContext, probeOf } from './probe.ts';

const MAX_LIST_BYTES = 256 * 1024 * 1024;
/** Files up to this size are read before their turn. */
const READ_AHEAD_BYTES = 512 * 1024;

/**
 * Looks for secrets in the files of a directory: with git those that it tracks or would add, else all. Runs nothing of the
 * repository's and follows no link. When time runs out, what was found so far is given, with the rest said to be unscanned.
 */
export const leaksProbe = probeOf({
  key: 'leaks',
  on: ['repository'],
  timeoutMs: 600_000,
  async look(target, context) {
    await requireDirectory(target.path);
    const collector = createCollector(fullScanner(), process.env.SEAWORTHY_FINGERPRINT_KEY);
    const { files, git, excluded } = await list(target.path, context, collector);
    let done = 0;
    try {
      const pace = createPace(context.signal);
      for await (const [file, read] of readAhead(files, (name) => open(target.path, name, READ_AHEAD_BYTES))) {
        await pace();
        const large = read.kind === 'read' && read.size > read.bytes.length;
        scan(file, large ? await open(target.path, file, MAX_CONTENT_BYTES) : read, collector);
        done += 1;
      }
    } catch (thrown) {
      if (!context.signal.aborted) throw thrown;
      for (const file of files.slice(done)) collector.miss(file, 'not scanned: the time was over');
    }
    return { ...collector.result(), ...(await readIgnoreFile(target.path)), git, excluded };
  },
});

type Opened = { kind: 'read'; bytes: Buffer; size: number } | { kind: 'missed'; reason: string } | { kind: 'none' };

/** The beginning of a file of the repository. Never rejects. */
async function open(root: string, file: string, limit: number): Promise<Opened> {
  // An index is data of the repository's: git prints what stands in it, also what would lead out of the work tree.
  if (file.startsWith('/') || file.split('/').includes('..'))
    return { kind: 'missed', reason: 'lies outside the repository' };
  if (file.includes('\ufffd')) return { kind: 'missed', reason: 'its name is not UTF-8' };
  try {
    const read = await readRegular(join(root, file), limit);
    return read ? { kind: 'read', ...read } : { kind: 'none' }; // a pipe, a device
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
    // Deleted in the work tree, or a link: its target is scanned where it lies, if it lies here.
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'EMLINK', 'ENXIO', 'EISDIR'].includes(code)) return { kind: 'none' };
    return { kind: 'missed', reason: `could not be read: ${reasonOf(thrown)}` };
  }
}

function scan(file: string, opened: Opened, collector: LeakCollector): void {
  if (opened.kind === 'missed') collector.miss(file, opened.reason);
  if (opened.kind !== 'read') return;
  collector.add(opened.bytes, { file });
  if (opened.size > opened.bytes.length) {
    const megabytes = MAX_CONTENT_BYTES / 1024 / 1024;
    collector.miss(file, `not fully scanned: only the first ${megabytes} MB of ${opened.size} bytes`);
  }
}

async function list(root: string, context: ProbeContext, collector: LeakCollector) {
  const place = await gitPlace(root);
  if (place?.workTree) {
    try {
      context.count('commands');
      const args = ['ls-files', '-z', '--stage', '--cached'];
      const staged = await runGit({ place, args, signal: context.signal, maxBytes: MAX_LIST_BYTES });
      context.count('commands');
      const others = await runGit({
        place,
        args: ['ls-files', '-z', '--others', '--exclude-standard'],
        signal: context.signal,
        maxBytes: MAX_LIST_BYTES,
      });
      const files = new Set<string>();
      for (const entry of staged.toString('utf8').split('\0')) {
        const [, mode, path] = /^(\d+) [0-9a-f]+ \d\t([\s\S]+)$/.exec(entry) ?? [];
        if (path === undefined) continue;
        if (mode === '160000') collector.miss(path, 'a submodule: a repository of its own, audit it as one');
        else files.add(path);
      }
      for (const path of others.toString('utf8').split('\0')) {
        if (path.endsWith('/')) collector.miss(path, 'a repository of its own inside this one, audit it as one');
        else if (path !== '') files.add(path);
      }
      return { files: [...files], git: true, excluded: [] };
    } catch (thrown) {
      context.signal.throwIfAborted();
      context.log(`all files are scanned, because git could not list them: ${reasonOf(thrown)}`);
    }
  } else if (place) {
    throw new AbsentError('not-applicable', 'a bare repository has no files beside its history');
  }
  const { files, excluded, unreadable, truncated } = await walk(root, context.signal);
  for (const path of unreadable) collector.miss(`${path}/`, 'this directory could not be read');
  if (truncated) collector.miss('', `more than ${files.length} files; the rest was not scanned`);
  return { files, git: false, excluded };
}

async function requireDirectory(path: string): Promise<void> {
  try {
    await readdir(path);
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : '';
    if (code === 'ENOENT') throw new AbsentError('unreachable', `${path} does not exist`, thrown);
    if (code === 'EACCES') throw new AbsentError('denied', `${path} may not be read by this user`, thrown);
    throw new AbsentError('unreadable', `${path}: ${reasonOf(thrown)}`, thrown);
  }
}
