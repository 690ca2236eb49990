import { spawn } from 'node:child_process';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { AbsentError } from '../core/collected.ts';
import { reasonOf } from '../core/error.ts';

/** A repository as git is to see it: never by searching upwards, and with the work tree where we say it is. */
export interface GitPlace {
  gitDir: string;
  /** `null` for a bare repository. */
  workTree: string | null;
  /** The index to read instead of the repository's own: git gives a hook one of its own for `commit -a` and `commit FILE`. */
  indexFile?: string;
}

/** The repository at `path` itself, or `null`. A repository that merely lies around `path` is not it. */
export async function gitPlace(path: string): Promise<GitPlace | null> {
  const has = (name: string) =>
    lstat(join(path, name)).then(
      () => true,
      () => false,
    );
  if (await has('.git')) return { gitDir: join(path, '.git'), workTree: path };
  const bare = (await Promise.all(['HEAD', 'objects', 'refs'].map(has))).every(Boolean);
  return bare ? { gitDir: path, workTree: null } : null;
}

/**
 * Settings that win over the repository's own, which its owner may have written against us: nothing is run (hooks, monitors,
 * signature programs, pagers, filters of diffs), nothing is fetched, nobody is asked.
 */
const SETTINGS: readonly (readonly [string, string])[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.pager', 'cat'],
  ['core.askPass', ''],
  ['core.sshCommand', 'false'],
  ['core.excludesFile', '/dev/null'],
  ['core.attributesFile', '/dev/null'],
  ['core.quotePath', 'false'],
  ['credential.helper', ''],
  ['diff.external', ''],
  ['gpg.program', 'false'],
  ['gpg.ssh.program', 'false'],
  ['gpg.x509.program', 'false'],
  ['log.showSignature', 'false'],
  ['log.mailmap', 'false'],
  ['protocol.allow', 'never'],
  ['submodule.recurse', 'false'],
  ['grep.fallbackToNoIndex', 'false'],
];

function environment(place: GitPlace): Record<string, string> {
  const settings = [...SETTINGS, ['safe.directory', place.workTree ?? place.gitDir], ['safe.directory', place.gitDir]];
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_DIR: place.gitDir,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_GRAFT_FILE: '/dev/null',
    GIT_PAGER: 'cat',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_CONFIG_COUNT: String(settings.length),
  };
  if (place.workTree !== null) env.GIT_WORK_TREE = place.workTree;
  if (place.indexFile !== undefined) env.GIT_INDEX_FILE = place.indexFile;
  for (const [index, [name = '', value = '']] of settings.entries()) {
    env[`GIT_CONFIG_KEY_${index}`] = name;
    env[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return env;
}

export interface GitRun {
  place: GitPlace;
  args: readonly string[];
  signal: AbortSignal;
  /** Written to git's standard input, with its pace. */
  input?: Iterable<string>;
  /** More output than this ends git: the answer is not believed. */
  maxBytes: number;
}

/** Runs git with nothing of ours and nothing of the repository's that could run. Gives its output chunk by chunk. */
export async function* streamGit({ place, args, signal, input, maxBytes }: GitRun): AsyncGenerator<Buffer> {
  signal.throwIfAborted();
  const child = spawn('git', ['--no-pager', ...args], {
    env: environment(place),
    cwd: place.workTree ?? place.gitDir,
    stdio: 'pipe',
  });
  const stop = () => child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    if (complaint.length < 2_000) complaint += chunk.toString('latin1');
  });
  const ended = new Promise<{ code: number | null; cause?: unknown }>((resolve) => {
    child.on('error', (cause) => resolve({ code: null, cause }));
    child.on('close', (code) => resolve({ code }));
  });
  child.stdin.on('error', () => {}); // git may end before it has read everything; its exit code says so
  void feed(child.stdin, input ?? []);
  let size = 0;
  try {
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw new AbsentError('unreadable', `git ${args[0]}: more than ${maxBytes} bytes of output`);
      yield chunk;
    }
  } finally {
    stop();
    signal.removeEventListener('abort', stop);
  }
  const { code, cause } = await ended;
  signal.throwIfAborted();
  if (cause !== undefined) throw new AbsentError('missing-tool', `cannot run git: ${reasonOf(cause)}`, cause);
  if (code !== 0) throw new AbsentError('unreadable', `git ${args[0]}: ${firstLine(complaint) || `exit code ${code}`}`);
}

/** The whole output. */
export async function runGit(run: GitRun): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of streamGit(run)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function feed(stdin: NodeJS.WritableStream, lines: Iterable<string>): Promise<void> {
  let batch = '';
  for (const line of lines) {
    batch += line;
    if (batch.length < 65_536) continue;
    const room = stdin.write(batch);
    batch = '';
    if (!room) await new Promise((resolve) => stdin.once('drain', resolve).once('close', resolve));
  }
  stdin.end(batch);
}

function firstLine(text: string): string {
  return (text.split('\n').find((line) => line.trim() !== '') ?? '').trim().slice(0, 300);
}
