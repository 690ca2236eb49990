import type { Dirent } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AbsentError } from '../core/collected.ts';
import { reasonOf } from '../core/error.ts';
import type { RepositoryFacts } from '../core/facts/repository.ts';
import { probeOf } from './probe.ts';

type System = RepositoryFacts['workflows'][number]['system'];

/** Where each pipeline system keeps its definition: a file, or a directory of YAML files. */
const DEFINITIONS: readonly { system: System; file?: string; directory?: string }[] = [
  { system: 'github', directory: '.github/workflows' },
  { system: 'gitlab', file: '.gitlab-ci.yml' },
  { system: 'bitbucket', file: 'bitbucket-pipelines.yml' },
  { system: 'circleci', file: '.circleci/config.yml' },
  { system: 'azure', file: 'azure-pipelines.yml' },
  { system: 'jenkins', file: 'Jenkinsfile' },
  { system: 'other', file: '.woodpecker.yml' },
  { system: 'other', directory: '.woodpecker' },
  { system: 'other', directory: '.forgejo/workflows' },
  { system: 'other', directory: '.gitea/workflows' },
  { system: 'other', file: '.drone.yml' },
  { system: 'other', file: '.travis.yml' },
  { system: 'other', file: '.buildkite/pipeline.yml' },
];
const MAX_FILES = 100;
const MAX_FILE_BYTES = 256 * 1024;

/** Reads what a repository says of itself. Runs nothing of it, not even git, and follows no symbolic link. */
export const repositoryProbe = probeOf({
  key: 'repository',
  on: ['repository'],
  timeoutMs: 20_000,
  async look(target, context) {
    await requireDirectory(target.path);
    const workflows: RepositoryFacts['workflows'] = [];
    for (const { system, file, directory } of DEFINITIONS) {
      const paths = directory === undefined ? [file ?? ''] : await yamlFiles(target.path, directory);
      for (const path of paths) {
        context.signal.throwIfAborted();
        if (workflows.length >= MAX_FILES) break;
        const text = await readBounded(join(target.path, path));
        if (text !== undefined) workflows.push({ path, system, text });
      }
    }
    // A work tree has `.git` as a directory, a linked work tree or a submodule has it as a file.
    return { git: await exists(join(target.path, '.git')), workflows };
  },
});

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

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function yamlFiles(root: string, directory: string): Promise<string[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(join(root, directory), { withFileTypes: true });
  } catch (thrown) {
    if (isMissing(thrown)) return [];
    throw new AbsentError('denied', `${directory}: ${reasonOf(thrown)}`, thrown);
  }
  return entries
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => `${directory}/${entry.name}`)
    .sort();
}

/** The text of a regular file, cut at the bound; `undefined` where there is none. */
async function readBounded(path: string): Promise<string | undefined> {
  const stat = await lstat(path).catch((thrown: unknown) => {
    if (isMissing(thrown)) return undefined;
    throw new AbsentError('denied', reasonOf(thrown), thrown);
  });
  if (!stat?.isFile()) return undefined;
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_FILE_BYTES), 0, MAX_FILE_BYTES, 0);
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await handle.close();
  }
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR');
}
