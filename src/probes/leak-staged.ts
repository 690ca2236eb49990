import { AbsentError } from '../core/collected.ts';
import { type GitPlace, gitPlace, runGit, streamGit } from '../net/git.ts';
import { createCollector, type LeakCollector } from '../secrets/collect.ts';
import { MAX_CONTENT_BYTES } from '../secrets/files.ts';
import { readBatch } from '../secrets/git-objects.ts';
import { readIgnoreFile } from '../secrets/ignore-file.ts';
import { fullScanner } from '../secrets/scanner.ts';
import { type LineRange, parseAddedLines, parseRaw, parseStage, type StagedFile } from '../secrets/staged.ts';
import { type ProbeContext, probeOf } from './probe.ts';

const MAX_LIST_BYTES = 256 * 1024 * 1024;
/** A larger patch is not read: then all lines of what is staged count as added. */
const MAX_PATCH_BYTES = 64 * 1024 * 1024;
const MAX_TOTAL_BYTES = 1024 ** 3;

/** Against the repository's settings for differences, and its attributes, which could hide a file or run a program. */
const PLAIN = ['--no-ext-diff', '--no-textconv', '--no-color', '--no-renames', '--submodule=short', '--no-relative'];

/**
 * Looks for secrets in the lines that are staged and not in the newest commit, whatever the files of the work tree say. Whole
 * contents are scanned and what touches an added line is kept: a key of many lines, or the comment above a line, is seen as it
 * will stand. `indexFile` is the index that git made for the hook we run in.
 */
export const leakStagedProbe = (indexFile?: string) =>
  probeOf({
    key: 'leaks.staged',
    on: ['repository'],
    timeoutMs: 60_000,
    async look(target, context) {
      const found = await gitPlace(target.path);
      if (!found) throw new AbsentError('not-applicable', `${target.path} is no git repository: nothing is staged`);
      if (found.workTree === null) throw new AbsentError('not-applicable', 'a bare repository has no index');
      const place = indexFile === undefined ? found : { ...found, indexFile };
      const collector = createCollector(fullScanner(), process.env.SEAWORTHY_FINGERPRINT_KEY);
      const staged = await list(place, context);
      const files = staged.filter((file) => {
        if (file.kind === 'unmerged') collector.miss(file.path, 'is not merged yet');
        // Of a submodule the commit adds nothing but the name of a commit.
        return file.kind === 'file' || file.kind === 'link';
      });
      if (files.length > 0) await scan(place, context, files, collector);
      return { ...collector.result(), ...(await readIgnoreFile(target.path)), staged: staged.length };
    },
  });

type Git = Pick<Parameters<typeof runGit>[0], 'args' | 'maxBytes'> & { input?: Iterable<string> };

function ask(place: GitPlace, context: ProbeContext, { args, maxBytes, input }: Git): Promise<Buffer> {
  context.count('commands');
  return runGit({ place, args, maxBytes, signal: context.signal, ...(input ? { input } : {}) });
}

async function list(place: GitPlace, context: ProbeContext): Promise<StagedFile[]> {
  const args = ['diff-index', '--cached', '--raw', '-z', '--no-abbrev', ...PLAIN, 'HEAD', '--'];
  try {
    return parseRaw(await ask(place, context, { args, maxBytes: MAX_LIST_BYTES }));
  } catch (thrown) {
    context.signal.throwIfAborted();
    const head = ask(place, context, { args: ['rev-parse', '--verify', '--quiet', 'HEAD'], maxBytes: 1_000 });
    if (await head.catch(() => null)) throw thrown;
    return parseStage(await ask(place, context, { args: ['ls-files', '--stage', '-z'], maxBytes: MAX_LIST_BYTES }));
  }
}

async function scan(
  place: GitPlace,
  context: ProbeContext,
  files: readonly StagedFile[],
  collector: LeakCollector,
): Promise<void> {
  const ids = [...new Set(files.map(({ blob }) => blob))];
  const [sizes, added] = await Promise.all([sizesOf(place, context, ids), addedLines(place, context, files)]);
  const readable: string[] = [];
  let total = 0;
  for (const id of ids) {
    const size = sizes.get(id);
    const why =
      size === undefined
        ? 'its content is not in this clone'
        : size > MAX_CONTENT_BYTES
          ? `not scanned: ${size} bytes are too many`
          : total + size > MAX_TOTAL_BYTES
            ? 'not scanned: more than 1 GB is staged'
            : null;
    if (why === null) {
      readable.push(id);
      total += size ?? 0;
    } else for (const { path } of files.filter(({ blob }) => blob === id)) collector.miss(path, why);
  }
  context.count('commands');
  const args = ['cat-file', '--batch', '--buffer'];
  const input = readable.map((id) => `${id}\n`);
  const batch = streamGit({ place, args, input, signal: context.signal, maxBytes: 2 * MAX_TOTAL_BYTES });
  const byBlob = new Map<string, StagedFile[]>();
  for (const file of files) byBlob.set(file.blob, [...(byBlob.get(file.blob) ?? []), file]);
  for await (const { id, bytes } of readBatch(batch)) {
    for (const { path, isNew } of byBlob.get(id) ?? []) {
      if (bytes === null) collector.miss(path, 'its content is not in this clone');
      // Git counts the lines of UTF-16 by bytes; there the whole file counts.
      else if (isNew || added === null || bytes.includes(0)) collector.add(bytes, { file: path });
      else collector.add(bytes, { file: path }, touches(added.get(id) ?? []));
    }
  }
}

async function sizesOf(place: GitPlace, context: ProbeContext, ids: readonly string[]): Promise<Map<string, number>> {
  const args = ['cat-file', '--batch-check=%(objectname) %(objectsize)'];
  const output = await ask(place, context, { args, maxBytes: MAX_LIST_BYTES, input: ids.map((id) => `${id}\n`) });
  return new Map(
    output
      .toString('latin1')
      .split('\n')
      .map((line) => line.split(' '))
      .filter(([, size]) => /^\d+$/.test(size ?? ''))
      .map(([id = '', size]) => [id, Number(size)]),
  );
}

/** By content; `null` = not known, so that every line counts. Attributes that call a file binary are not heeded. */
async function addedLines(
  place: GitPlace,
  context: ProbeContext,
  files: readonly StagedFile[],
): Promise<Map<string, LineRange[]> | null> {
  if (files.every(({ isNew }) => isNew)) return null;
  const shape = ['-p', '-U0', '--inter-hunk-context=0', '--text', '--full-index', '--diff-filter=MT'];
  const args = ['diff-index', '--cached', ...shape, ...PLAIN, 'HEAD', '--'];
  try {
    return parseAddedLines((await ask(place, context, { args, maxBytes: MAX_PATCH_BYTES })).toString('latin1'));
  } catch {
    context.signal.throwIfAborted();
    return null;
  }
}

function touches(ranges: readonly LineRange[]): (first: number, last: number) => boolean {
  return (first, last) => ranges.some((range) => first <= range.last && range.first <= last);
}
