import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterEach, describe, expect, it } from 'vitest';
import { base62Checksum } from '../../src/secrets/checksum.ts';
import { createExamine } from '../../src/secrets/examine.ts';
import { sample } from '../../src/secrets/sample.ts';
import { fullScanner } from '../../src/secrets/scanner.ts';
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

describe('a hostile repository', () => {
  it('has names of refs that a shell or git would take for something else, and none of them runs', async () => {
    const { root, write, git, commit } = fresh();
    write('a.txt', github(1));
    const id = commit('a');
    const canary = join(root, 'sprung');
    const names = [
      '--upload-pack=touch${IFS}sprung',
      '--output=sprung',
      '$(touch sprung)',
      '`touch sprung`',
      ';touch${IFS}sprung',
      '|touch sprung',
    ];
    const lines = names.map((name) => `${id} refs/heads/${name}\n`).sort();
    writeFileSync(join(root, '.git/packed-refs'), `# pack-refs with: peeled fully-peeled sorted \n${lines.join('')}`);
    mkdirSync(join(root, '.git/refs/heads'), { recursive: true });
    for (const name of ['--output=sprung', '$(touch sprung)', 'line\nfeed'])
      writeFileSync(join(root, '.git/refs/heads', name), `${id}\n`);
    const told = await lookAtHistory(root).then(
      ({ leaks }) => leaks.length,
      (thrown: unknown) => thrown,
    );
    // Names that git itself refuses make it stop: then it is unknown, with git's own words.
    if (told !== 1)
      expect(told).toMatchObject({ absence: { kind: 'unreadable', reason: expect.stringContaining('git') } });
    expect((await lookAtTree(root)).leaks).toHaveLength(1);
    expect(existsSync(canary)).toBe(false);
    expect(git('rev-parse', '--verify', id)).toBe(id);
  });

  it('has refs with odd names that git allows: what only they reach is found', async () => {
    const { root, write, git, commit } = fresh();
    write('a.txt', 'a');
    commit('a');
    git('checkout', '-q', '-b', 'x$(touch${IFS}sprung)`id`;&|');
    write('b.txt', github(2));
    const id = commit('b');
    git('update-ref', 'refs/heads/--upload-pack=x', id);
    git('checkout', '-q', 'main');
    const { leaks } = await lookAtHistory(root);
    expect(leaks).toMatchObject([{ atTip: true, places: [{ file: 'b.txt', commit: id }] }]);
    expect(existsSync(join(root, 'sprung'))).toBe(false);
  });

  it('borrows objects of another repository: what its own history does not reach stays unread, and that is said', async () => {
    const other = fresh();
    other.write('other.env', `TOKEN=${github(3)}\n`);
    other.commit('not for us');
    const { root, write, commit } = fresh();
    write('a.txt', github(1));
    commit('a');
    mkdirSync(join(root, '.git/objects/info'), { recursive: true });
    writeFileSync(join(root, '.git/objects/info/alternates'), `${join(other.root, '.git/objects')}\n`);
    const facts = await lookAtHistory(root);
    expect(facts.leaks.flatMap(({ places }) => places.map(({ file }) => file))).toEqual(['a.txt']);
    expect(facts.unscanned).toEqual([
      { file: 'objects/info/alternates', reason: expect.stringContaining('only what a ref reaches') },
    ]);
  });

  it('shares objects by a clone that means it: what its history reaches is read there', async () => {
    const origin = fresh();
    origin.write('a.env', `TOKEN=${github(4)}\n`);
    origin.commit('a');
    const { root, git } = fresh(false);
    git('clone', '-q', '--shared', origin.root, 'clone');
    expect((await lookAtHistory(join(root, 'clone'))).leaks).toHaveLength(1);
  });

  it('includes settings from files, and names submodules by programs: nothing runs', async () => {
    const { root, write, git, commit } = fresh();
    write('evil.config', `[core]\n\tfsmonitor = touch '${root}/sprung'\n\tsshCommand = touch '${root}/sprung'\n`);
    write(
      '.gitmodules',
      `[submodule "x"]\n\tpath = x\n\turl = ext::sh -c 'touch ${root}/sprung'\n\tupdate = !touch sprung\n`,
    );
    write('a.txt', github(1));
    git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},x`);
    commit('a');
    git('config', 'include.path', join(root, 'evil.config'));
    git('config', 'submodule.x.url', `ext::sh -c "touch ${root}/sprung"`);
    git('config', 'submodule.x.active', 'true');
    git('config', 'protocol.ext.allow', 'always');
    expect((await lookAtHistory(root)).leaks).toHaveLength(1);
    expect((await lookAtTree(root)).leaks).toHaveLength(1);
    expect(existsSync(join(root, 'sprung'))).toBe(false);
  });
});

describe('hostile names and content', () => {
  it('are read where a path is no UTF-8, and content is none', async () => {
    const { root, write, commit } = fresh();
    const path = Buffer.concat([Buffer.from(`${root}/bad`), Buffer.from([0xff, 0xfe]), Buffer.from('name.env')]);
    writeFileSync(path, Buffer.concat([Buffer.from([0xc3, 0x28, 0xff, 0x0a]), Buffer.from(`TOKEN=${github(5)}\n`)]));
    write('good.env', `TOKEN=${github(6)}\n`);
    commit('a');
    const history = await lookAtHistory(root);
    expect(history.leaks).toHaveLength(2);
    const tree = await lookAtTree(root);
    const seen = tree.leaks.length === 2 || tree.unscanned.some(({ file }) => file.includes('name.env'));
    expect(seen, 'found, or named as not read').toBe(true);
  });

  it('say that an entry of an archive is under a password', () => {
    const archive = Buffer.from(
      zipSync({ 'locked.env': strToU8('x'.repeat(40)), 'open.env': strToU8(`TOKEN=${github(7)}\n`) }),
    );
    const [local, central] = [archive.indexOf('PK\x03\x04'), archive.indexOf('PK\x01\x02')];
    archive.writeUInt16LE(archive.readUInt16LE(local + 6) | 1, local + 6);
    archive.writeUInt16LE(archive.readUInt16LE(central + 8) | 1, central + 8);
    const { found, missed } = createExamine(fullScanner())(archive);
    expect(missed).toEqual(['an entry of an archive under a password']);
    expect(found.map(({ within }) => within)).toContain('!open.env');
  });

  it('are never waited for where they are a device', async () => {
    const { readRegular } = await import('../../src/secrets/files.ts');
    expect(await readRegular('/dev/zero')).toBeNull();
  });
});
