import { chmod, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BackupTarget } from '../../src/core/target.ts';
import { lookForFiles, parseList } from '../../src/probes/backup-files.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "seaworthy backup's-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const look = (pattern: string, source?: BackupTarget['source']) =>
  lookForFiles(
    {
      kind: 'backup',
      id: 'b',
      name: 'b',
      service: null,
      environment: 'test',
      labels: {},
      source: source ?? { type: 'files', glob: join(directory, pattern), over: null },
      expect: { maxAgeMs: 1, minBytes: 1 },
    },
    { signal: AbortSignal.timeout(30_000), now: Date.now, log: () => {}, count: () => {} },
  );

async function file(name: string, content: Uint8Array | string, ageMinutes: number): Promise<void> {
  const path = join(directory, name);
  await writeFile(path, content);
  const at = Math.floor(Date.now() / 1000) - ageMinutes * 60;
  await utimes(path, at, at);
}

describe('backups in files', () => {
  it('lists what matches, newest first, with size and first bytes', async () => {
    await file('a 1.sql.gz', gzipSync(''), 10);
    await file('b.sql.gz', 'x'.repeat(3000), 60);
    await file('$(touch pwned).sql.gz', '', 120);
    await file('other.txt', 'no', 1);
    const found = await look('*.sql.gz');
    expect(found).toMatchObject({ source: 'files', total: 3 });
    expect(found.candidates.map((one) => [one.name.slice(directory.length + 1), one.bytes, one.head])).toEqual([
      ['a 1.sql.gz', 20, '1f8b0800'],
      ['b.sql.gz', 3000, '78787878'],
      ['$(touch pwned).sql.gz', 0, null],
    ]);
    expect(Math.abs(found.clock - Date.now())).toBeLessThan(10_000);
    expect(found.clock - (found.candidates[1]?.modifiedAt ?? 0)).toBeGreaterThanOrEqual(3_600_000 - 2_000);
    expect((await look('pwned')).total).toBe(0);
  });

  it('finds nothing where there is nothing, which is an answer', async () => {
    expect(await look('*.sql.gz')).toMatchObject({ candidates: [], total: 0 });
    expect(await look('missing/*.sql.gz')).toMatchObject({ candidates: [], total: 0 });
  });

  it('does not take a directory or a pattern without a match for a backup', async () => {
    await file("it's", 'x', 1);
    expect((await look('it*')).total).toBe(1);
    expect((await look('[')).total).toBe(0);
  });

  it('says that it could not look', async () => {
    await expect(look('', { type: 'restic', repository: '/x' })).rejects.toMatchObject({
      absence: { kind: 'missing-tool' },
    });
    await expect(look('**/x')).rejects.toMatchObject({ absence: { kind: 'unreadable' } });
    if (process.getuid?.() === 0) return;
    await chmod(directory, 0o000);
    await expect(look('*.gz')).rejects.toMatchObject({ absence: { kind: 'denied' } });
  });

  it('takes no half list for a whole one, and no noise for a list', () => {
    expect(() => parseList('Welcome!\nC 1800000000\nF 1 2 - /x\n', '/x')).toThrow('did not come whole');
    expect(() => parseList('', '/x')).toThrow('did not come whole');
    expect(() => parseList('C 1800000000\nD denied\n', '/x')).toThrow('may not be read');
    const noisy = parseList('F 9 9 - /fake\nC 1800000000\nF 1 2 - /x\nT 1\n', '/x');
    expect(noisy.candidates.map((one) => one.name)).toEqual(['/x']);
  });
});
