import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { derivedFiles } from './derived.ts';

const root = join(import.meta.dirname, '../..');

for (const [path, content] of await derivedFiles()) {
  const file = join(root, path);
  const before = await readFile(file, 'utf8').catch(() => undefined);
  if (before === content) continue;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  console.log(`${before === undefined ? 'wrote' : 'updated'} ${path}`);
}
