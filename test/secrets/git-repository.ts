import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FactMap } from '../../src/core/facts/index.ts';
import type { RepositoryTarget } from '../../src/core/target.ts';
import { leakHistoryProbe } from '../../src/probes/leak-history.ts';
import { leaksProbe } from '../../src/probes/leaks.ts';
import type { ProbeContext } from '../../src/probes/probe.ts';
import { exampleTarget } from '../support/targets.ts';

/** A directory of its own, with or without git in it, to be removed by `remove`. */
export function repository(withGit = true) {
  const root = mkdtempSync(join(tmpdir(), 'seaworthy-leaks-'));
  const env = {
    PATH: process.env.PATH,
    HOME: root,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_DATE: '2026-01-02T03:04:05Z',
    GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z',
  };
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      cwd: root,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  const write = (path: string, content: string | Buffer) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  const commit = (message: string) => {
    git('add', '-A');
    git('commit', '-q', '--allow-empty', '-m', message);
    return git('rev-parse', 'HEAD');
  };
  if (withGit) git('init', '-q', '-b', 'main');
  return { root, git, write, commit, remove: () => rmSync(root, { recursive: true, force: true }) };
}

export function repositoryTarget(path: string): RepositoryTarget {
  return { ...(exampleTarget({ needs: [], on: ['repository'] }) as RepositoryTarget), path };
}

function context(signal = new AbortController().signal): ProbeContext {
  return { signal, now: () => 0, log: () => {}, count: () => {} };
}

/** What the probe of the files says of a directory. */
export async function lookAtTree(path: string, signal?: AbortSignal): Promise<FactMap['leaks']> {
  const gathered = await leaksProbe.collect(repositoryTarget(path), context(signal), new Set(['leaks']));
  if (!gathered.leaks?.ok) throw new Error('no facts');
  return gathered.leaks.value;
}

/** What the probe of the history says of a repository. */
export async function lookAtHistory(path: string, signal?: AbortSignal): Promise<FactMap['leaks.history']> {
  const gathered = await leakHistoryProbe.collect(repositoryTarget(path), context(signal), new Set(['leaks.history']));
  const history = gathered['leaks.history'];
  if (!history?.ok) throw new Error('no facts');
  return history.value;
}
