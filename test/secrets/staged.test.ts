import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { base62Checksum } from '../../src/secrets/checksum.ts';
import { sample } from '../../src/secrets/sample.ts';
import { parseAddedLines, parseRaw } from '../../src/secrets/staged.ts';
import { cli, tempDir } from '../cli/support.ts';
import { repository } from './git-repository.ts';

const made: { remove(): void }[] = [];
afterEach(() => {
  for (const one of made.splice(0)) one.remove();
});
function fresh() {
  const one = repository();
  made.push(one);
  return one;
}
const github = (seed: number) => {
  const body = sample(30, 'base62', seed);
  return `ghp_${body}${base62Checksum(body)}`;
};

/** Exit code and `file:line` of everything that `audit --staged` complains of. */
async function staged(cwd: string, ...more: string[]) {
  const { code, out, err } = await cli(['audit', '--staged', '--format', 'json', ...more], { cwd });
  const findings: { status: string; subject: string; check: string }[] =
    out === '' ? [] : JSON.parse(out).targets[0].findings;
  expect(findings.every(({ check }) => check === 'secrets.staged')).toBe(true);
  return { code, err, out, failed: findings.filter(({ status }) => status === 'fail').map(({ subject }) => subject) };
}

describe('audit --staged', () => {
  it('finds a secret that is staged before the first commit, and fails', async () => {
    const { root, git, write } = fresh();
    write('.env', `A=1\nTOKEN=${github(1)}\n`);
    expect(await staged(root)).toMatchObject({ code: 0, failed: [] });
    git('add', '-A');
    const found = await staged(root);
    expect(found).toMatchObject({ code: 1, failed: ['.env:2'] });
    expect(found.out).not.toContain(github(1));
  });

  it('says nothing of what is committed already, and of lines that only moved below added ones', async () => {
    const { root, git, write, commit } = fresh();
    write('a.ts', `const token = '${github(1)}';\n`);
    commit('a');
    expect(await staged(root)).toMatchObject({ code: 0, failed: [] });
    write('a.ts', `// new first line\n// and another\nconst token = '${github(1)}';\nconst other = 2;\n`);
    git('add', '-A');
    expect(await staged(root)).toMatchObject({ code: 0, failed: [] });
    write('a.ts', `// new first line\nconst token = '${github(1)}';\nconst second = '${github(2)}';\n`);
    git('add', '-A');
    expect(await staged(root)).toMatchObject({ code: 1, failed: ['a.ts:3'] });
  });

  it('reads the index, not the file: partly staged files', async () => {
    const { root, git, write, commit } = fresh();
    write('a.env', 'A=1\n');
    commit('a');
    write('a.env', `A=1\nTOKEN=${github(1)}\n`);
    git('add', 'a.env');
    write('a.env', 'A=1\nTOKEN=${TOKEN}\n');
    expect(await staged(root), 'taken out of the file, still in the index').toMatchObject({
      code: 1,
      failed: ['a.env:2'],
    });
    git('add', 'a.env');
    write('a.env', `A=1\nTOKEN=${github(1)}\n`);
    expect(await staged(root), 'in the file only').toMatchObject({ code: 0, failed: [] });
  });

  it('sees a key of many lines whose inside alone was changed, and a comment above an added line', async () => {
    const { root, git, write, commit } = fresh();
    const key = (seed: number) =>
      [
        '-----BEGIN RSA PRIVATE KEY-----',
        sample(64, 'base62', 5),
        sample(64, 'base62', seed),
        sample(64, 'base62', 7),
        '-----END RSA PRIVATE KEY-----',
        '',
      ].join('\n');
    write('key.pem', key(6));
    write('b.py', '# seaworthy:ignore github-pat made up for the manual\nTOKEN = ""\n');
    commit('a');
    write('key.pem', key(8));
    write('b.py', `# seaworthy:ignore github-pat made up for the manual\nTOKEN = "${github(3)}"\n`);
    git('add', '-A');
    expect(await staged(root)).toMatchObject({ code: 1, failed: ['key.pem:1'] });
  });

  it('is not kept from a file by its attributes, runs nothing of the repository, and heeds .seaworthyignore', async () => {
    const { root, git, write, commit } = fresh();
    write('a.txt', 'a\n');
    write('.gitattributes', '* -diff -text filter=evil diff=evil\n');
    commit('a');
    const mark = join(root, 'ran');
    for (const name of ['diff.evil.textconv', 'diff.evil.command', 'diff.external'])
      git('config', name, `touch ${mark}; cat`);
    git('config', 'core.fsmonitor', `touch ${mark}`);
    git('config', 'diff.interHunkContext', '99');
    write('a.txt', `a\n${github(4)}\n`);
    git('-c', 'core.fsmonitor=false', 'add', '-A');
    const found = await staged(root);
    expect(found).toMatchObject({ code: 1, failed: ['a.txt:2'] });
    expect(existsSync(mark)).toBe(false);
    const { fingerprint } = JSON.parse(found.out).targets[0].findings[0].details;
    writeFileSync(join(root, '.seaworthyignore'), `${fingerprint} owner=ana until=2026-12-31 revoked\n`);
    expect(await staged(root)).toMatchObject({ code: 0, failed: [] });
  });

  it('works from a folder inside, in a linked work tree, and with the index that git gives to a hook', async () => {
    const { root, git, write, commit } = fresh();
    write('src/a.txt', 'a\n');
    commit('a');
    const linked = join(root, 'linked');
    git('worktree', 'add', '-q', linked, '-b', 'other');
    writeFileSync(join(linked, 'b.env'), `TOKEN=${github(5)}\n`);
    execFileSync('git', ['add', '-A'], { cwd: linked });
    expect(await staged(linked)).toMatchObject({ code: 1, failed: ['b.env:1'] });
    expect(await staged(join(linked, 'src'))).toMatchObject({ code: 1, failed: ['b.env:1'] });
    expect(await staged(root)).toMatchObject({ code: 0, failed: [] });

    write('src/a.txt', `a\n${github(6)}\n`);
    const { code } = await cli(['audit', '--staged'], { cwd: root });
    expect(code, 'not in the ordinary index').toBe(0);
    const index = join(root, '.git/next-index');
    execFileSync('git', ['read-tree', 'HEAD'], { cwd: root, env: { ...process.env, GIT_INDEX_FILE: index } });
    execFileSync('git', ['add', 'src/a.txt'], { cwd: root, env: { ...process.env, GIT_INDEX_FILE: index } });
    const hooked = await cli(['audit', '--staged'], { cwd: root, env: { GIT_INDEX_FILE: '.git/next-index' } });
    expect(hooked).toMatchObject({ code: 1 });
    expect(hooked.out).toContain('src/a.txt:2');
  });

  it('lets milder leaks pass as told, and says when there is no repository and what makes no sense', async () => {
    const { root, git, write } = fresh();
    write('test/fixtures/a.env', `TOKEN=${github(1)}\n`);
    git('add', '-A');
    expect((await staged(root)).code, 'a token in a fixture is medium').toBe(1);
    expect((await staged(root, '--fail-on', 'high')).code).toBe(0);
    const nowhere = await cli(['audit', '--staged'], { cwd: tempDir() });
    expect(nowhere).toMatchObject({ code: 3, out: '' });
    expect(nowhere.err).toContain('no git repository');
    const wrong = await cli(['audit', '--staged', '--only', 'tls'], { cwd: root });
    expect(wrong).toMatchObject({ code: 2, out: '' });
    expect(wrong.err).toContain('--only means nothing with --staged');
  });
});

describe('what git says of staged files', () => {
  it('is read with deleted files, new modes and `add -N` left out', () => {
    const id = (letter: string) => letter.repeat(40);
    const raw = [
      `:100644 100644 ${id('a')} ${id('b')} M`,
      'changed.ts',
      `:100644 000000 ${id('a')} ${id('0')} D`,
      'gone.ts',
      `:100644 100755 ${id('a')} ${id('a')} M`,
      'mode.sh',
      `:000000 100644 ${id('0')} ${id('0')} A`,
      'meant.ts',
      `:000000 120000 ${id('0')} ${id('c')} A`,
      'li\nnk',
      '',
    ].join('\0');
    expect(parseRaw(Buffer.from(raw))).toEqual([
      { path: 'changed.ts', blob: id('b'), kind: 'file', isNew: false },
      { path: 'li\nnk', blob: id('c'), kind: 'link', isNew: true },
    ]);
  });

  it('is read without mistaking content for headers', () => {
    const patch = [
      'diff --git a/a b/a',
      `index ${'a'.repeat(40)}..${'b'.repeat(40)} 100644`,
      '--- a/a',
      '+++ b/a',
      '@@ -1 +1,2 @@',
      '-@@ -9 +9 @@',
      '+diff --git a/x b/x',
      `+index ${'c'.repeat(40)}..${'d'.repeat(40)}`,
      '@@ -7,2 +8,0 @@',
      '-a',
      '-b',
      '@@ -20,0 +19 @@ function',
      '+c',
    ].join('\n');
    expect([...parseAddedLines(patch)]).toEqual([
      [
        'b'.repeat(40),
        [
          { first: 1, last: 2 },
          { first: 19, last: 19 },
        ],
      ],
    ]);
  });
});
