import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AbsentError } from '../core/collected.ts';
import type { LeakHistoryFacts, LeakPlace } from '../core/facts/leaks.ts';
import { type GitPlace, gitPlace, runGit, streamGit } from '../net/git.ts';
import { createCollector, type LeakCollector, type Sighting } from '../secrets/collect.ts';
import { MAX_CONTENT_BYTES } from '../secrets/files.ts';
import {
  type BatchMemory,
  byFamily,
  createBatchMemory,
  type ObjectBatch,
  type Origin,
  readBatches,
  readOrigins,
  textLines,
} from '../secrets/git-objects.ts';
import { readIgnoreFile } from '../secrets/ignore-file.ts';
import { scanAll } from '../secrets/scan-all.ts';
import type { ScanJob } from '../secrets/scan-job.ts';
import { fullScanner } from '../secrets/scanner.ts';
import { type ProbeContext, probeOf } from './probe.ts';

const MAX_OBJECTS = 4_000_000;
const MAX_LIST_BYTES = 1024 ** 3;
const MAX_CONTENT_TOTAL = 64 * 1024 ** 3;
/** What a thread gets at a time. */
const BATCH_BYTES = 4 * 1024 * 1024;
/** Versions of a file are quick to look through: below this, what threads cost (loading, compiling, memory) is more than they save. */
const ALONE_BYTES = 256 * 1024 * 1024;
/** Of the kind: is this file still so at that tip? */
const MAX_QUESTIONS = 2_000_000;
const MAX_TREES = 200;
const MAX_PLACES = 20;
const REACHED = ['--all', '--reflog'];

/** What was found in one object. */
type Sightings = Map<string, Sighting[]>;

/**
 * Looks for secrets in everything that a repository still holds: files of all commits, whatever became of them, merges,
 * stashes, notes, messages, and objects that no ref reaches any more. Objects are read, not differences: nothing that is
 * marked binary, renamed or only in a merge can hide.
 */
export const leakHistoryProbe = probeOf({
  key: 'leaks.history',
  on: ['repository'],
  timeoutMs: 1_800_000,
  async look(target, context) {
    const place = await gitPlace(target.path);
    if (!place) throw new AbsentError('not-applicable', `${target.path} is no git repository: it has no history`);
    const git = async (args: readonly string[], maxBytes = MAX_LIST_BYTES) => {
      context.count('commands');
      return (await runGit({ place, args, signal: context.signal, maxBytes })).toString('utf8');
    };
    // A history without its beginning says nothing of what it does not have: half of it would look like all of it.
    if ((await git(['rev-parse', '--is-shallow-repository'])).trim() === 'true')
      throw new AbsentError(
        'unreadable',
        'a shallow clone: its history was cut off when it was cloned; `git fetch --unshallow` brings the rest (`fetch-depth: 0` in a workflow)',
      );
    const commits = Number((await git(['rev-list', '--count', ...REACHED])).trim());
    const fingerprintKey = process.env.SEAWORTHY_FINGERPRINT_KEY;
    const collector = createCollector(fullScanner(), fingerprintKey);
    if (await isPartial(place)) collector.miss('partial clone', 'some content was left at the remote and is not here');
    const found = await scanObjects(place, context, collector, fingerprintKey);
    const leaks = found.size === 0 ? [] : await attribute(place, context, collector, found);
    for (const path of context.signal.aborted ? [] : await submodules(git))
      collector.miss(collector.named(path), 'a submodule: its content lies in a repository of its own');
    const ignored = await readIgnoreFile(target.path);
    return { ...collector.result(), ...ignored, leaks, commits, shallow: false };
  },
});

async function isPartial(place: GitPlace): Promise<boolean> {
  const packs = await readdir(join(place.gitDir, 'objects/pack')).catch(() => []);
  if (packs.some((name) => name.endsWith('.promisor'))) return true;
  return lstat(join(place.gitDir, 'objects/info/promisor')).then(
    () => true,
    () => false,
  );
}

async function scanObjects(
  place: GitPlace,
  context: ProbeContext,
  collector: LeakCollector,
  fingerprintKey: string | undefined,
): Promise<Sightings> {
  const { signal } = context;
  const found: Sightings = new Map();
  context.count('commands', 2);
  const { ids, bases, bytes } = await listObjects(place, signal, collector);
  const input = lines(ids);
  const batch = streamGit({
    place,
    args: ['cat-file', '--batch', '--buffer'],
    signal,
    input,
    maxBytes: MAX_CONTENT_TOTAL,
  });
  let done = 0;
  try {
    const memory = createBatchMemory(BATCH_BYTES);
    await scanAll(
      jobs(batch, bases, memory),
      { signal, fingerprintKey, aloneBytes: bytes < ALONE_BYTES ? bytes : 0 },
      (task, outcomes) => {
        const { ids: scanned, types, missing } = task.batch;
        memory.giveBack(task.batch.bytes);
        for (const id of missing) collector.miss(`object ${id}`, 'is not in this clone');
        for (const [item, outcome] of outcomes.entries()) {
          const id = scanned[item] ?? '';
          if (outcome.kind === 'missed') collector.miss(`object ${id}`, outcome.reason);
          if (outcome.kind !== 'examined') continue;
          const file = types[item] === 'blob' ? id : `(${types[item]} message)`;
          const sightings = collector.merge(outcome.examined, { file });
          if (sightings.length > 0) found.set(id, sightings);
        }
        done += scanned.length + missing.length;
      },
    );
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
    collector.miss(`${ids.length - done} of ${ids.length} objects`, 'not scanned: the time was over');
  }
  return found;
}

/** The objects of interest, each as soon after what git stores it as a difference to as can be, and that other's name. */
async function listObjects(place: GitPlace, signal: AbortSignal, collector: LeakCollector) {
  const format = '%(objectname) %(objecttype) %(objectsize) %(deltabase)';
  const args = ['cat-file', '--batch-all-objects', '--unordered', `--batch-check=${format}`];
  const ids: string[] = [];
  const bases = new Map<string, string>();
  let bytes = 0;
  const reached = (await borrows(place)) ? await reachedObjects(place, signal) : null;
  if (reached)
    collector.miss('objects/info/alternates', 'objects of other repositories: only what a ref reaches was read');
  for await (const line of textLines(streamGit({ place, args, signal, maxBytes: MAX_LIST_BYTES }))) {
    const [id = '', type, size = '0', base = ''] = line.split(' ');
    if (type === undefined || type === 'tree' || size === '0' || reached?.has(id) === false) continue;
    if (ids.length >= MAX_OBJECTS) {
      collector.miss('', `more than ${MAX_OBJECTS} objects; the rest was not scanned`);
      break;
    }
    if (Number(size) > MAX_CONTENT_BYTES) {
      collector.miss(`object ${id}`, `not scanned: ${size} bytes are too many`);
      continue;
    }
    ids.push(id);
    bytes += Number(size);
    if (/[1-9a-f]/.test(base)) bases.set(id, base);
  }
  return { ids: byFamily(ids, bases), bases, bytes };
}

/** Where submodules lie or lay, by what any commit says of them. */
async function submodules(git: (args: readonly string[], maxBytes?: number) => Promise<string>): Promise<Set<string>> {
  const options = [
    '--format=',
    '--raw',
    '--no-renames',
    '--no-abbrev',
    '--diff-filter=AM',
    '-c',
    '--no-show-signature',
  ];
  const log = await git(['log', ...REACHED, ...options, '--', '.gitmodules']);
  const ids = new Set([...log.matchAll(/ ([0-9a-f]{40,64}) [AM]+\t/g)].map(([, id = '']) => id));
  const paths = new Set<string>();
  for (const id of [...ids].slice(0, MAX_TREES)) {
    const text = await git(['cat-file', 'blob', id], 1024 ** 2).catch(() => '');
    for (const [, path = ''] of text.matchAll(/^[ \t]*path[ \t]*=[ \t]*"?([^"\r\n]{1,400})/gm)) paths.add(path.trim());
  }
  return paths;
}

/** Whether it names other object stores, which may lie anywhere on this machine. */
async function borrows(place: GitPlace): Promise<boolean> {
  return lstat(join(place.gitDir, 'objects/info/alternates')).then(
    () => true,
    () => false,
  );
}

/** What refs and reflogs reach: of a borrowed store this is the repository's own, the rest is other people's. */
async function reachedObjects(place: GitPlace, signal: AbortSignal): Promise<Set<string>> {
  const args = ['rev-list', '--objects', '--no-object-names', ...REACHED];
  const reached = new Set<string>();
  for await (const line of textLines(streamGit({ place, args, signal, maxBytes: MAX_LIST_BYTES }))) reached.add(line);
  return reached;
}

async function* jobs(
  chunks: AsyncIterable<Buffer>,
  bases: ReadonlyMap<string, string>,
  memory: BatchMemory,
): AsyncGenerator<{ job: ScanJob; batch: ObjectBatch }> {
  for await (const batch of readBatches(chunks, memory)) {
    const numbers = new Map(batch.ids.map((id, number) => [id, number]));
    const similar = batch.ids.map((id, number) => {
      const base = bases.get(id);
      // Where the base was in an earlier batch, the neighbour is of the same family.
      return base === undefined ? -1 : (numbers.get(base) ?? number - 1);
    });
    yield { job: { kind: 'contents', bytes: batch.bytes, ends: batch.ends, similar }, batch };
  }
}

function* lines(ids: readonly string[]): Generator<string> {
  for (const id of ids) yield `${id}\n`;
}

/** Says of each leak in which commits and paths it came, and whether it is still there. */
async function attribute(
  place: GitPlace,
  context: ProbeContext,
  collector: LeakCollector,
  found: Sightings,
): Promise<LeakHistoryFacts['leaks']> {
  const wanted = new Set(found.keys());
  // When the time is over there is a second left in which to say where what was found lies; then it is said without.
  const signal = context.signal.aborted ? AbortSignal.timeout(700) : context.signal;
  const log = streamGit({
    place,
    args: [
      ...['log', ...REACHED, '-z', '--format=%x01%H %at', '--raw', '-r', '-c', '--root', '--no-renames', '--no-abbrev'],
      ...[
        '--no-ext-diff',
        '--no-textconv',
        '--no-show-signature',
        '--no-notes',
        '--no-decorate',
        '--no-color',
        '--no-mailmap',
      ],
    ],
    signal,
    maxBytes: MAX_CONTENT_TOTAL,
  });
  context.count('commands');
  const { origins, commits } = await readOrigins(log, wanted).catch((thrown: unknown) => {
    if (!signal.aborted) throw thrown;
    return { origins: new Map<string, Map<string, Origin>>(), commits: new Map<string, number>() };
  });
  const tips = context.signal.aborted ? new Set<string>() : await blobsAtTips(place, context, origins, collector);

  const byLeak = new Map<string, { atTip: boolean; reachable: boolean; places: Map<string, LeakPlace> }>();
  for (const [object, sightings] of found) {
    const paths = [...(origins.get(object)?.values() ?? [])];
    const message = commits.get(object);
    for (const { fingerprint, place: seen } of sightings) {
      const leak = byLeak.get(fingerprint) ?? { atTip: false, reachable: false, places: new Map<string, LeakPlace>() };
      byLeak.set(fingerprint, leak);
      const isFile = seen.file.startsWith(object);
      const within = isFile ? seen.file.slice(object.length) : '';
      leak.atTip ||= tips.has(object);
      leak.reachable ||= paths.length > 0 || message !== undefined;
      if (message !== undefined) keep(leak.places, { ...seen, commit: object, at: message });
      else if (paths.length === 0) {
        keep(leak.places, { ...seen, file: isFile ? `object ${object.slice(0, 12)}${within}` : seen.file });
      }
      for (const { commit, at, path } of paths)
        keep(leak.places, { ...seen, file: collector.named(path) + within, commit, at });
    }
  }
  return collector.result().leaks.flatMap((leak) => {
    const where = byLeak.get(leak.fingerprint);
    if (!where) return [];
    const places = [...where.places.values()].sort((a, b) => (a.at ?? Infinity) - (b.at ?? Infinity));
    const { atTip, reachable } = where;
    return [{ ...leak, count: places.length, places: places.slice(0, MAX_PLACES), atTip, reachable }];
  });
}

/** One place per file: the oldest, and excused once any version of that file excuses it. */
function keep(places: Map<string, LeakPlace>, place: LeakPlace): void {
  const known = places.get(place.file);
  const ignored = known?.ignored ?? place.ignored;
  const oldest = known && (known.at ?? Infinity) <= (place.at ?? Infinity) ? known : place;
  places.set(place.file, ignored === undefined ? oldest : { ...oldest, ignored });
}

/** Which of the objects are files in the newest state of some branch. `paths` are all that they were ever found at. */
async function blobsAtTips(
  place: GitPlace,
  context: ProbeContext,
  origins: ReadonlyMap<string, ReadonlyMap<string, Origin>>,
  collector: LeakCollector,
): Promise<Set<string>> {
  const { signal } = context;
  context.count('commands', 3);
  const refArgs = ['for-each-ref', '--format=%(objectname)', 'refs/heads', 'refs/remotes'];
  const refs = (await runGit({ place, args: refArgs, signal, maxBytes: MAX_LIST_BYTES })).toString('latin1');
  const headArgs = ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'];
  const head = await runGit({ place, args: headArgs, signal, maxBytes: 1_000 }).catch(() => Buffer.alloc(0));
  const ids = [head.toString('latin1').trim(), ...refs.split('\n')].filter((id) => /^[0-9a-f]{40,64}$/.test(id));
  const tips = [...new Set(ids)];
  const paths = new Set([...origins.values()].flatMap((found) => [...found.keys()]));
  // A line of the request is a path: one with a line feed in it cannot be asked for.
  const askable = [...paths].filter((path) => !path.includes('\n') && !path.includes('\ufffd'));
  const asked = tips.slice(0, Math.max(1, Math.floor(MAX_QUESTIONS / Math.max(1, askable.length))));
  if (asked.length < tips.length) {
    const reason = `of ${tips.length} tips only ${asked.length} were asked whether a secret is still there`;
    collector.miss('branches', reason);
  }
  const blobs = new Set<string>();
  const args = ['cat-file', '--batch-check=%(objectname)', '--buffer'];
  const input = questions(asked, askable);
  for await (const line of textLines(streamGit({ place, args, signal, input, maxBytes: MAX_CONTENT_TOTAL })))
    if (origins.has(line)) blobs.add(line);
  if (askable.length < paths.size) {
    for (const tip of tips.slice(0, MAX_TREES)) {
      const treeArgs = ['ls-tree', '-r', '-z', '--full-tree', tip];
      const tree = (await runGit({ place, args: treeArgs, signal, maxBytes: MAX_LIST_BYTES })).toString('latin1');
      for (const [, id = ''] of tree.matchAll(/(?:^|\0)\d+ blob ([0-9a-f]+)\t/g)) if (origins.has(id)) blobs.add(id);
    }
  }
  return blobs;
}

function* questions(tips: readonly string[], paths: readonly string[]): Generator<string> {
  for (const tip of tips) for (const path of paths) yield `${tip}:${path}\n`;
}
