import { readdir } from 'node:fs/promises';
import { AbsentError } from '../core/collected.ts';
import { reasonOf } from '../core/error.ts';
import { gitPlace, runGit } from '../net/git.ts';
import { createCollector, type LeakCollector } from '../secrets/collect.ts';
import { walk } from '../secrets/files.ts';
import { withGitleaksConfig } from '../secrets/gitleaks/apply.ts';
import { readIgnoreFile } from '../secrets/ignore-file.ts';
import { createPace } from '../secrets/pace.ts';
import { scanAll } from '../secrets/scan-all.ts';
import { fullScanner } from '../secrets/scanner.ts';
import { type ProbeContext, probeOf } from './probe.ts';

const MAX_LIST_BYTES = 256 * 1024 * 1024;
const FILES_PER_JOB = 48;

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
    const fingerprintKey = process.env.SEAWORTHY_FINGERPRINT_KEY;
    const collector = createCollector(fullScanner(), fingerprintKey);
    const { files, git, excluded } = await list(target.path, context, collector);
    let done = 0;
    try {
      const options = { signal: context.signal, fingerprintKey };
      await scanAll(jobs(target.path, files), options, ({ job }, outcomes) => {
        for (const [item, outcome] of outcomes.entries()) {
          const file = job.files[item] ?? '';
          if (outcome.kind === 'missed') collector.miss(file, outcome.reason);
          if (outcome.kind === 'examined') collector.merge(outcome.examined, { file });
        }
        done += outcomes.length;
      });
    } catch (thrown) {
      if (!context.signal.aborted) throw thrown;
      for (const file of files.slice(done)) collector.miss(file, 'not scanned: the time was over');
    }
    const pace = createPace(context.signal);
    const options = { key: process.env.SEAWORTHY_FINGERPRINT_KEY, pace, named: collector.named };
    const own = collector.result();
    // When the time is over, what was found so far is given.
    const found = context.signal.aborted ? own : await withGitleaksConfig(target.path, files, own, options);
    return { ...found, ...(await readIgnoreFile(target.path)), git, excluded };
  },
});

function* jobs(root: string, files: readonly string[]) {
  for (let at = 0; at < files.length; at += FILES_PER_JOB)
    yield { job: { kind: 'files' as const, root, files: files.slice(at, at + FILES_PER_JOB) } };
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
