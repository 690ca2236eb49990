import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { sample } from '../../src/secrets/sample.ts';
import { cli } from '../cli/support.ts';
import { repository } from './git-repository.ts';

const made: { remove(): void }[] = [];
afterEach(() => {
  for (const one of made.splice(0)) one.remove();
});
const token = (seed: number) => `glpat-${sample(20, 'base62', seed)}`;

type Seen = { status: string; subject: string; message: string; details: { fingerprint: string } };
async function failures(root: string): Promise<Seen[]> {
  const { out } = await cli(['audit', root, '--only', 'secrets.repository', '--format', 'json']);
  const findings: Seen[] = JSON.parse(out).targets[0].findings;
  return findings.filter(({ status }) => status !== 'pass');
}

describe.each(['a file with the union attribute', 'a folder'])('exceptions of two branches in %s', (how) => {
  it('merge without a conflict, and both hold', async () => {
    const one = repository();
    made.push(one);
    const { git, write, commit, root } = one;
    write('a.ts', `const a = '${token(1)}';\n`);
    write('b.ts', `const b = '${token(2)}';\n`);
    write('c.ts', `const c = '${token(3)}';\n`);
    const folder = how === 'a folder';
    if (!folder) write('.gitattributes', '.seaworthyignore merge=union\n');
    const prints = new Map((await failures(root)).map(({ subject, details }) => [subject, details.fingerprint]));
    const accept = (subject: string, name: string) => {
      const line = `${prints.get(subject)} owner=${name} until=2026-12-31 revoked on 2026-11-02\n`;
      if (folder) write(`.seaworthyignore/${prints.get(subject)}`, line);
      else {
        const file = join(root, '.seaworthyignore');
        write('.seaworthyignore', (existsSync(file) ? readFileSync(file, 'utf8') : '') + line);
      }
    };
    accept('c.ts:1', 'zoe');
    commit('both begin here');
    git('checkout', '-q', '-b', 'left');
    accept('a.ts:1', 'ana');
    commit('left');
    git('checkout', '-q', 'main');
    accept('b.ts:1', 'ben');
    commit('right');
    git('merge', '-q', '-m', 'merge', 'left');
    expect(git('status', '--porcelain')).toBe('');
    expect(await failures(root)).toEqual([]);
  });
});

describe('an exception', () => {
  it('survives moved lines, a new name and new formatting, and hides no other secret at the same place', async () => {
    const one = repository(false);
    made.push(one);
    const { write, root } = one;
    write('a.ts', `const key = '${token(1)}';\n`);
    const [found] = await failures(root);
    write('.seaworthyignore', `${found?.details.fingerprint} owner=ana until=2026-12-31 revoked\n`);
    for (const text of [
      `\n\n// moved\n  const key =\n    "${token(1)}";\n`,
      `{"key":"${token(1)}"}`,
      `key: ${token(1)} # now YAML\r\n`,
    ]) {
      write('a.ts', text);
      expect(await failures(root), text).toEqual([]);
    }
    write('a.ts', `const key = '${token(2)}';\n`);
    expect((await failures(root)).map(({ subject }) => subject)).toEqual(['a.ts:1']);
  });

  it('that is over, or left in a half-merged file, is told and excuses nothing', async () => {
    const one = repository(false);
    made.push(one);
    const { write, root } = one;
    write('a.ts', `const key = '${token(1)}';\n`);
    const [found] = await failures(root);
    const line = (until: string) => `${found?.details.fingerprint} owner=ana until=${until} revoked\n`;
    write('.seaworthyignore', line('2026-11-19'));
    expect((await failures(root))[0]?.message).toContain('ana accepted it until 2026-11-19, which is over');
    write('.seaworthyignore', `<<<<<<< HEAD\n${line('2026-12-31')}=======\n>>>>>>> left\n`);
    const half = await failures(root);
    expect(half.map(({ status, subject }) => `${status} ${subject}`)).toEqual([
      'unknown .seaworthyignore:1',
      'unknown .seaworthyignore:3',
      'unknown .seaworthyignore:4',
    ]);
  });
});
