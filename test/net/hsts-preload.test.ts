import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePreloadList, preloadList } from '../../src/net/hsts-preload.ts';

const CHROMIUM = `// Copyright
{
  // comment
  "pinsets": [],
  "entries": [
    { "name": "Alone.example", "policy": "custom", "mode": "force-https" },
    // another
    { "name": "all.example", "policy": "bulk-1-year", "mode": "force-https", "include_subdomains": true },
    { "name": "pins.example", "include_subdomains": true, "pins": "x" }
  ]
}
`;

describe('the preload list', () => {
  it.each([
    ["Chromium's", CHROMIUM],
    [
      "the Observatory's",
      JSON.stringify({
        'alone.example': { mode: 'force-https', includeSubDomains: false },
        'all.example': { mode: 'force-https', includeSubDomains: true },
        'pins.example': { includeSubDomains: true },
      }),
    ],
  ])('is read in %s form', (_, text) => {
    const list = parsePreloadList(text);
    const hosts = ['alone.example', 'www.alone.example', 'all.example', 'a.b.ALL.example', 'pins.example', 'example'];
    expect(hosts.filter((host) => list.has(host))).toEqual(['alone.example', 'all.example', 'a.b.ALL.example']);
  });

  it.each(['', '[]', '{}', 'null', '{"a": 1}', 'not json'])('that is none, %j, is refused', (text) => {
    expect(() => parsePreloadList(text)).toThrow('preload list');
  });
});

describe('the file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'seaworthy-preload-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is read once, and again when it changes', async () => {
    const path = join(folder, 'list.json');
    await writeFile(path, CHROMIUM);
    const first = await preloadList(path);
    expect(await preloadList(path)).toBe(first);
    await writeFile(path, JSON.stringify({ 'new.example': { mode: 'force-https' } }));
    await utimes(path, 1, 1);
    expect((await preloadList(path)).has('new.example')).toBe(true);
  });

  it('that is missing is an error', async () => {
    await expect(preloadList(join(folder, 'none'))).rejects.toThrow('ENOENT');
  });
});
