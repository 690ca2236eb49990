import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { derivedFiles } from '../src/dev/derived.ts';

const files = [...(await derivedFiles())];

it.each(files.map(([path, content]) => ({ path, content })))('$path is up to date', async ({ path, content }) => {
  const found = await readFile(join(import.meta.dirname, '..', path), 'utf8').catch(() => '');
  expect(found === content, `${path} is stale: run \`npm run derive\``).toBe(true);
});
