import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { repositories } from '../../src/store/repositories/index.ts';
import { cli, NOW, tempDir } from './support.ts';

describe('token', () => {
  it('create prints the token alone, and only its hash is kept', async () => {
    const data = join(tempDir(), 'data');
    const { code, out, err } = await cli(['token', 'create', '--role', 'ci', '--name', 'pipeline', '--data', data]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^sw_[A-Za-z0-9_-]{43}\n$/);
    const store = await openStore({ url: `sqlite:${join(data, 'seaworthy.db')}`, now: NOW, readOnly: true });
    const hash = createHash('sha256').update(out.trim()).digest('hex');
    expect(await repositories(store).tokens.byHash(hash)).toMatchObject({ role: 'ci', name: 'pipeline' });
    await store.close();

    const listed = await cli(['token', 'list', '--data', data]);
    expect(listed.out).not.toContain(out.trim());
    const id = listed.out.split(' ')[0] ?? '';
    expect(await cli(['token', 'revoke', id, '--data', data])).toMatchObject({ code: 0 });
    expect(await cli(['token', 'revoke', id, '--data', data])).toMatchObject({ code: 2 });
    expect((await cli(['token', 'list', '--data', data])).out).toContain('revoked 2026-11-20');
  });
});

describe('backup and restore', () => {
  it('bring a store back, putting aside what is there', async () => {
    const dir = tempDir();
    const data = join(dir, 'data');
    const copy = join(dir, 'copy.db');
    await cli(['token', 'create', '--role', 'viewer', '--name', 'before', '--data', data]);
    expect(await cli(['backup', copy, '--data', data])).toMatchObject({ code: 0 });
    expect(await cli(['backup', copy, '--data', data])).toMatchObject({ code: 2 });
    await cli(['token', 'create', '--role', 'viewer', '--name', 'after', '--data', data]);
    expect(await cli(['restore', copy, '--data', data])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--force'),
    });
    expect(await cli(['restore', copy, '--data', data, '--force'])).toMatchObject({ code: 0 });
    const { out } = await cli(['token', 'list', '--data', data]);
    expect(out).toContain('before');
    expect(out).not.toContain('after');
    expect(readdirSync(data).filter((name) => name.includes('before-restore'))).toHaveLength(1);
  });

  it('leave no working file behind', async () => {
    const dir = tempDir();
    const data = join(dir, 'data');
    const copy = join(dir, 'copy.db');
    await cli(['migrate', '--data', data]);
    await cli(['backup', copy, '--data', data]);
    const again = join(dir, 'again');
    mkdirSync(again);
    // What the migration of an older copy makes, whether it ends well or not.
    writeFileSync(join(again, 'seaworthy.db.incoming.before-0002'), 'x');
    expect(await cli(['restore', copy, '--data', again])).toMatchObject({ code: 0 });
    expect(readdirSync(again).filter((name) => name.includes('incoming'))).toEqual([]);
  });

  it('let no damaged copy in', async () => {
    const dir = tempDir({ 'bad.db': 'this is no database'.repeat(1_000) });
    const data = join(dir, 'data');
    expect(await cli(['restore', join(dir, 'bad.db'), '--data', data])).toMatchObject({
      code: expect.toSatisfy((code: number) => code !== 0),
    });
    expect(existsSync(join(data, 'seaworthy.db'))).toBe(false);
  });
});

describe('migrate and doctor', () => {
  it('refuse a store that is newer than the program, with 2 and what to do', async () => {
    const data = join(tempDir(), 'data');
    expect((await cli(['migrate', '--data', data])).code).toBe(0);
    const file = new Database(join(data, 'seaworthy.db'));
    file.exec("INSERT INTO schema_migrations SELECT 9999, 'later', sha256, applied_at FROM schema_migrations LIMIT 1");
    file.close();
    for (const args of [['migrate'], ['token', 'create', '--role', 'viewer']]) {
      const { code, out, err } = await cli([...args, '--data', data]);
      expect({ args, code, out }).toEqual({ args, code: 2, out: '' });
      expect(err).toMatch(/newer than this program.*\n.*run the newer seaworthy/);
    }
  });

  it.runIf(process.platform === 'linux')('say so at once where no folder can be made', async () => {
    expect(await cli(['migrate', '--data', '/proc/seaworthy/data'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('the folder /proc/seaworthy cannot be made'),
    });
  });

  it('make a store, and find it sound or broken', async () => {
    const data = join(tempDir(), 'data');
    expect(await cli(['migrate', '--data', data])).toMatchObject({
      code: 0,
      out: expect.stringContaining('is up to date'),
    });
    expect((await cli(['doctor', '--data', data])).out).toContain('opens and is sound');
    writeFileSync(join(data, 'seaworthy.db'), 'this is no database'.repeat(1_000));
    const broken = await cli(['doctor', '--data', data]);
    expect(broken.code).toBe(1);
    expect(broken.out).toMatch(/✗ store/);
  });
});
