import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CHANNELS } from '../../src/channels/index.ts';

it('has a golden file for each kind of channel but the plain webhook', () => {
  const golden = readdirSync(join(import.meta.dirname, 'golden'));
  const kebab = (kind: string) => kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const without = [...CHANNELS.keys()].filter((kind) => !golden.some((file) => file.startsWith(`${kebab(kind)}-`)));
  expect(without).toEqual(['exec', 'webhook']);
});

it('has one folder for each kind', () => {
  const folders = readdirSync(join(import.meta.dirname, '../../src/channels'), { withFileTypes: true });
  const built = folders.filter((one) => one.isDirectory()).map((one) => one.name);
  expect(built.length).toBe(CHANNELS.size);
  for (const name of built)
    expect(existsSync(join(import.meta.dirname, '../../src/channels', name, 'index.ts'))).toBe(true);
});
