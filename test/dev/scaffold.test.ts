import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Check } from '../../src/core/check.ts';
import { scaffoldCheck } from '../../src/dev/scaffold.ts';
import { ROOT } from '../support/sources.ts';
import { exampleTarget } from '../support/targets.ts';

let root: string;
beforeEach(async () => {
  // Below the repository, so that the scaffolded file finds its packages.
  await mkdir(join(ROOT, 'dist'), { recursive: true });
  root = await mkdtemp(join(ROOT, 'dist', 'scaffold-'));
  await cp(join(ROOT, 'checks'), join(root, 'checks'), { recursive: true });
  await symlink(join(ROOT, 'src'), join(root, 'src'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('npm run new:check', () => {
  it('writes a check whose own examples hold, and one line in the register: two files', async () => {
    const before = await readFile(join(root, 'checks/index.ts'), 'utf8');
    expect(await scaffoldCheck(root, 'headers.made-for-test')).toBe('checks/headers/made-for-test.ts');
    const after = (await readFile(join(root, 'checks/index.ts'), 'utf8')).split('\n');
    expect(after.filter((line) => !before.split('\n').includes(line))).toEqual([
      "import headersMadeForTest from './headers/made-for-test.ts';",
      '  headersMadeForTest,',
    ]);
    const { CHECKS }: { CHECKS: Check[] } = await import(join(root, 'checks/index.ts'));
    const check = CHECKS.find((one) => one.id === 'headers.made-for-test');
    expect(check).toBeDefined();
    for (const example of check?.examples ?? []) {
      const outcome = check?.evaluate(example.facts, {
        now: 0,
        options: {},
        target: exampleTarget({ needs: ['http'] }),
      });
      expect(outcome).toMatchObject({ status: example.status });
    }
  });

  it.each(['', 'headers', 'nonsense.thing', 'headers.Bad', 'headers.../../etc'])('refuses the id %j', async (id) => {
    await expect(scaffoldCheck(root, id)).rejects.toThrow('is no check id');
  });

  it('overwrites nothing', async () => {
    await expect(scaffoldCheck(root, 'headers.content-type-options')).rejects.toThrow('exists already');
  });
});
