import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { cli } from './support.ts';

/** Imports, and has the configuration checked: what we print is what we read. */
export async function taken(
  cwd: string,
  format: string,
  content: string | object,
): Promise<{ config: Record<string, never>; err: string; out: string }> {
  writeFileSync(join(cwd, 'given'), typeof content === 'string' ? content : JSON.stringify(content));
  const { code, out, err } = await cli(['import', format, 'given'], { cwd, env: {} });
  expect(code, err).toBe(0);
  const env = Object.fromEntries(
    [...out.matchAll(/\$\{env:(\w+)\}/g)].map(([, name]) => [
      name,
      /WEBHOOK|URL/.test(name ?? '') ? 'https://a.example/x' : '1:secret',
    ]),
  );
  mkdirSync(join(cwd, 'check'), { recursive: true });
  writeFileSync(join(cwd, 'check/seaworthy.yaml'), out);
  const checked = await cli(['config', 'check'], { cwd: join(cwd, 'check'), env });
  expect(checked.code, checked.err).toBe(0);
  return { config: parse(out), out, err };
}
