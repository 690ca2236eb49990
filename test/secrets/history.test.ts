import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { leakHistoryFacts } from '../../src/core/facts/leaks.ts';
import { base62Checksum } from '../../src/secrets/checksum.ts';
import { sample } from '../../src/secrets/sample.ts';
import { cli } from '../cli/support.ts';
import { lookAtHistory, lookAtTree, repository } from './git-repository.ts';

const made: { remove(): void }[] = [];
afterEach(() => {
  for (const one of made.splice(0)) one.remove();
});
function fresh(withGit = true) {
  const one = repository(withGit);
  made.push(one);
  return one;
}

const github = (seed: number) => {
  const body = sample(30, 'base62', seed);
  return `ghp_${body}${base62Checksum(body)}`;
};

describe('the history of a repository', () => {
  it('still has what was deleted, with the commit that brought it', async () => {
    const { root, write, git, commit } = fresh();
    write('a.env', `# settings\nTOKEN=${github(1)}\n`);
    const first = commit('a');
    git('rm', '-q', 'a.env');
    commit('b');
    const facts = leakHistoryFacts.parse(await lookAtHistory(root));
    expect(facts.commits).toBe(2);
    expect(facts.leaks).toHaveLength(1);
    expect(facts.leaks[0]).toMatchObject({
      atTip: false,
      reachable: true,
      places: [{ file: 'a.env', line: 2, commit: first, at: Date.parse('2026-01-02T03:04:05Z') }],
    });
    expect((await lookAtTree(root)).leaks).toEqual([]);
  });

  it('says that a secret is still at a tip, under all its names, the oldest first', async () => {
    const { root, write, git, commit } = fresh();
    write('old name.txt', `x ${github(1)}\n`);
    const first = commit('a');
    git('mv', 'old name.txt', 'new\nname.txt');
    commit('b');
    const [leak] = (await lookAtHistory(root)).leaks;
    expect(leak).toMatchObject({ atTip: true, count: 2 });
    expect(leak?.places.find(({ file }) => file === 'old name.txt')?.commit).toBe(first);
    expect(leak?.places.map(({ file }) => file).sort()).toEqual(['new\nname.txt', 'old name.txt']);
  });

  it('has what exists in a merge only', async () => {
    const { root, write, git, commit } = fresh();
    write('a.txt', 'a\n');
    commit('a');
    git('checkout', '-q', '-b', 'side');
    write('b.txt', 'b\n');
    commit('b');
    git('checkout', '-q', 'main');
    write('c.txt', 'c\n');
    commit('c');
    git('merge', '-q', '--no-commit', '--no-ff', 'side');
    write('evil.txt', `token=${github(1)}\n`);
    const merge = commit('merge');
    git('rm', '-q', 'evil.txt');
    commit('d');
    const [leak] = (await lookAtHistory(root)).leaks;
    expect(leak).toMatchObject({
      atTip: false,
      reachable: true,
      places: [{ file: 'evil.txt', line: 1, commit: merge }],
    });
  });

  it('has what lies in stashes (also older ones), notes, messages, tags, other branches and reset commits', async () => {
    const { root, write, git, commit } = fresh();
    write('a.txt', 'a\n');
    const first = commit('a');
    for (const seed of [1, 2]) {
      write('a.txt', `${github(seed)}\n`);
      git('stash', '-q');
    }
    git('notes', 'add', '-m', github(3), first);
    git('commit', '-q', '--allow-empty', '-m', `use ${github(4)}`);
    git('tag', '-a', 'v1', '-m', github(5));
    git('checkout', '-q', '--orphan', 'other');
    write('o.txt', github(6));
    commit('o');
    write('r.txt', github(7));
    commit('r');
    git('reset', '-q', '--hard', 'HEAD~1');
    const facts = await lookAtHistory(root);
    expect(facts.leaks).toHaveLength(7);
    expect(facts.leaks.filter((leak) => leak.atTip)).toHaveLength(1);
    expect(facts.leaks.flatMap((leak) => leak.places.map(({ file }) => file))).toEqual(
      expect.arrayContaining(['(commit message)', '(tag message)', 'o.txt', 'r.txt', 'a.txt']),
    );
  });

  it('has what git itself would not show: content marked as binary, packed objects, objects that nothing reaches', async () => {
    const { root, write, git, commit } = fresh();
    write('.gitattributes', '*.env -diff binary\n');
    write('a.env', `TOKEN=${github(1)}\n`);
    commit('a');
    git('gc', '-q');
    write('never-committed.env', `TOKEN=${github(2)}\n`);
    git('add', 'never-committed.env');
    git('reset', '-q');
    const facts = await lookAtHistory(root);
    expect(facts.leaks.map((leak) => leak.reachable).sort()).toEqual([false, true]);
  });

  it('is refused in a shallow clone, which says how to get the rest and ends with exit code 3', async () => {
    const { root, write, commit } = fresh();
    for (const text of ['a', 'b', 'c']) {
      write('a.txt', text);
      commit(text);
    }
    const clone = fresh(false);
    clone.git('clone', '-q', '--depth', '1', `file://${root}`, 'clone');
    const path = join(clone.root, 'clone');
    await expect(lookAtHistory(path)).rejects.toMatchObject({
      absence: { reason: expect.stringContaining('git fetch --unshallow') },
    });
    const told = await cli(['audit', path, '--only', 'secrets.history']);
    expect(told.code).toBe(3);
    expect(told.out).toContain('shallow clone');
  });

  it('is not there without git, is there in a bare repository and in an empty one', async () => {
    await expect(lookAtHistory(fresh(false).root)).rejects.toMatchObject({ absence: { kind: 'not-applicable' } });
    const { root, write, git, commit } = fresh();
    expect((await lookAtHistory(root)).commits).toBe(0);
    write('a.txt', github(1));
    commit('a');
    git('clone', '-q', '--bare', root, 'bare.git');
    expect((await lookAtHistory(join(root, 'bare.git'))).leaks).toHaveLength(1);
  });

  it('gives the same secret the same fingerprint as the files do, and another secret another', async () => {
    const { root, write, commit } = fresh();
    write('a.txt', github(1));
    commit('a');
    write('a.txt', github(2));
    commit('b');
    const tree = await lookAtTree(root);
    const history = await lookAtHistory(root);
    const tip = history.leaks.filter((leak) => leak.atTip);
    expect(tip.map((leak) => leak.fingerprint)).toEqual(tree.leaks.map((leak) => leak.fingerprint));
    expect(new Set(history.leaks.map((leak) => leak.fingerprint)).size).toBe(2);
  });

  it('names the submodules that it has or had, and that a file lies in LFS', async () => {
    const { root, write, git, commit } = fresh();
    write('.gitmodules', '[submodule "a"]\n\tpath = libs/a\n\turl = ../a\n');
    git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},libs/a`);
    write('big.bin', `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12\n`);
    commit('a');
    git('rm', '-q', '.gitmodules');
    commit('b');
    const { unscanned } = await lookAtHistory(root);
    expect(unscanned).toContainEqual({ file: 'libs/a', reason: expect.stringContaining('submodule') });
    expect(unscanned).toContainEqual({ file: expect.anything(), reason: expect.stringContaining('LFS pointer') });
  });

  it('is read without running what the repository asks for', async () => {
    const { root, write, git, commit } = fresh();
    write('a.txt', github(1));
    write('.gitattributes', '* diff=evil\n');
    commit('a');
    const trap = join(root, 'trap.sh');
    write('trap.sh', `#!/bin/sh\ntouch '${root}/sprung'\n`);
    chmodSync(trap, 0o755);
    for (const key of ['diff.external', 'diff.evil.textconv', 'gpg.program', 'core.pager', 'core.fsmonitor'])
      git('config', key, trap);
    git('config', 'log.showSignature', 'true');
    git('config', 'alias.log', `!${trap}`);
    expect((await lookAtHistory(root)).leaks).toHaveLength(1);
    expect(existsSync(join(root, 'sprung'))).toBe(false);
  });
});
