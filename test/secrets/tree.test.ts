import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { leaksFacts } from '../../src/core/facts/leaks.ts';
import { base62Checksum } from '../../src/secrets/checksum.ts';
import { sample } from '../../src/secrets/sample.ts';
import { lookAtTree, repository } from './git-repository.ts';

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

describe('the files of a repository', () => {
  it('are scanned where git tracks them or would add them, and not where it ignores them', async () => {
    const { root, write, commit } = fresh();
    write('.gitignore', 'secret.env\n');
    write('src/a.ts', `// one\nconst token = '${github(1)}';\n`);
    commit('a');
    write('untracked.yaml', `token: ${github(2)}\n`);
    write('secret.env', `TOKEN=${github(3)}\n`);
    const facts = leaksFacts.parse(await lookAtTree(root));
    expect(facts.git).toBe(true);
    expect(
      facts.leaks
        .flatMap((leak) => leak.places)
        .map(({ file, line }) => `${file}:${line}`)
        .sort(),
    ).toEqual(['src/a.ts:2', 'untracked.yaml:1']);
    expect(facts.leaks.every((leak) => leak.rule === 'github-pat' && !leak.doubtful)).toBe(true);
  });

  it('are all scanned without git, but for installed packages, which are named', async () => {
    const { root, write } = fresh(false);
    write('.env', `TOKEN=${github(1)}\n`);
    write('node_modules/x/index.js', `'${github(2)}'`);
    const facts = await lookAtTree(root);
    expect(facts.git).toBe(false);
    expect(facts.leaks.map((leak) => leak.places[0]?.file)).toEqual(['.env']);
    expect(facts.excluded).toEqual(['node_modules']);
  });

  it('give one leak with several places where the same secret stands in several files', async () => {
    const { root, write } = fresh(false);
    for (const file of ['a.env', 'b.json', 'c.py']) write(file, `{"token": "${github(1)}"}`);
    const facts = await lookAtTree(root);
    expect(facts.leaks).toHaveLength(1);
    expect(facts.leaks[0]).toMatchObject({ count: 3 });
  });

  it('are read in UTF-16, in one long line, in base64 and in binary content', async () => {
    const { root, write } = fresh(false);
    write('utf16.txt', Buffer.from(`\ufefftoken=${github(1)}\r\n`, 'utf16le'));
    write('utf16be.txt', Buffer.from(`\ufefftoken=${github(2)}\r\n`, 'utf16le').swap16());
    write('min.js', `var a=1;${'x=function(){return 1};'.repeat(20_000)}k="${github(3)}";${'y();'.repeat(9_000)}`);
    write('encoded.yaml', `data:\n  c: ${Buffer.from(`user: x\ntoken: ${github(4)}\n`).toString('base64')}\n`);
    write('binary.db', Buffer.concat([Buffer.alloc(64), Buffer.from(github(5)), Buffer.alloc(64)]));
    const facts = await lookAtTree(root);
    const seen = facts.leaks.flatMap((leak) => leak.places).map(({ file, line }) => `${file}:${line ?? '-'}`);
    expect(seen.sort()).toEqual(['binary.db:-', 'encoded.yaml:2', 'min.js:1', 'utf16.txt:1', 'utf16be.txt:1']);
    expect(facts.scanned.binary).toBe(1);
  });

  it('are followed through no link, read from no pipe, and not read to the end where they are endless', async () => {
    const { root, write } = fresh(false);
    const outside = fresh(false);
    outside.write('secret', github(1));
    symlinkSync(join(outside.root, 'secret'), join(root, 'link'));
    symlinkSync('.', join(root, 'loop'));
    execFileSync('mkfifo', [join(root, 'pipe')]);
    write('sparse', '');
    truncateSync(join(root, 'sparse'), 10 * 1024 ** 3);
    const facts = await lookAtTree(root);
    expect(facts.leaks).toEqual([]);
    expect(facts.unscanned).toEqual([{ file: 'sparse', reason: expect.stringContaining('not fully scanned') }]);
  });

  it('are named where they could not be scanned: submodules and LFS pointers', async () => {
    const { root, write, git, commit } = fresh();
    write('big.bin', `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12\n`);
    const head = commit('a');
    git('update-index', '--add', '--cacheinfo', `160000,${head},lib`);
    const facts = await lookAtTree(root);
    expect(facts.unscanned.map(({ file }) => file).sort()).toEqual(['big.bin', 'lib']);
  });

  it('say what was not scanned when the time is over', async () => {
    const { root, write } = fresh(false);
    for (let n = 0; n < 40; n += 1) write(`${n}.txt`, 'password = x\n'.repeat(80_000));
    const stop = new AbortController();
    const looking = lookAtTree(root, stop.signal);
    setImmediate(() => stop.abort(new Error('time')));
    const facts = await looking.catch(() => null);
    if (facts) {
      expect(facts.unscannedCount).toBeGreaterThan(0);
      expect(facts.unscanned[0]?.reason).toContain('time was over');
    }
  });
});

describe('a hostile repository', () => {
  it('runs nothing of its own', async () => {
    const { root, write, git, commit } = fresh();
    write('a.txt', `token=${github(1)}\n`);
    commit('a');
    const trap = join(root, 'trap.sh');
    write('trap.sh', `#!/bin/sh\ntouch '${root}/sprung'\ncat\n`);
    chmodSync(trap, 0o755);
    write('.gitattributes', '* filter=evil diff=evil\n');
    for (const [key, value] of [
      ['core.fsmonitor', trap],
      ['core.hooksPath', root],
      ['core.pager', trap],
      ['core.sshCommand', trap],
      ['core.askPass', trap],
      ['diff.external', trap],
      ['diff.evil.textconv', trap],
      ['diff.evil.command', trap],
      ['filter.evil.clean', trap],
      ['filter.evil.smudge', trap],
      ['filter.evil.process', trap],
      ['log.showSignature', 'true'],
      ['gpg.program', trap],
      ['alias.log', `!${trap}`],
      ['alias.ls-files', `!${trap}`],
      ['core.alternateRefsCommand', trap],
    ] as const)
      git('config', key, value);
    for (const hook of ['post-index-change', 'reference-transaction', 'pre-auto-gc', 'fsmonitor-watchman']) {
      write(hook, `#!/bin/sh\ntouch '${root}/sprung'\n`);
      chmodSync(join(root, hook), 0o755);
    }
    const facts = await lookAtTree(root);
    expect(facts.git).toBe(true);
    expect(facts.leaks).toHaveLength(1);
    expect(existsSync(join(root, 'sprung'))).toBe(false);
  });

  it('leads nowhere by its index or its work tree', async () => {
    const outside = fresh(false);
    outside.write('secret.txt', `token=${github(1)}\n`);
    const { root, git } = fresh();
    git('config', 'core.worktree', outside.root);
    expect((await lookAtTree(root)).leaks).toEqual([]);
  });
});
