import { afterEach, describe, expect, it } from 'vitest';
import { base62Checksum } from '../../src/secrets/checksum.ts';
import { sample } from '../../src/secrets/sample.ts';
import { scanAll } from '../../src/secrets/scan-all.ts';
import { createPool } from '../../src/secrets/scan-pool.ts';
import { repository } from './git-repository.ts';

const made: { remove(): void }[] = [];
afterEach(() => {
  for (const one of made.splice(0)) one.remove();
});

const github = (seed: number) => {
  const body = sample(30, 'base62', seed);
  return `ghp_${body}${base62Checksum(body)}`;
};

describe('scanning in threads', () => {
  it('finds the same as without them, in the same order', async () => {
    const one = repository(false);
    made.push(one);
    const files = Array.from({ length: 60 }, (_, n) => `${n}.txt`);
    for (const [n, file] of files.entries()) one.write(file, `${'x = 1;\n'.repeat(n * 40)}token=${github(n + 1)}\n`);
    const tasks = Array.from({ length: 12 }, (_, n) => ({
      job: { kind: 'files' as const, root: one.root, files: files.slice(n * 5, n * 5 + 5) },
    }));
    const look = async (aloneBytes: number) => {
      const seen: string[] = [];
      const options = { signal: new AbortController().signal, fingerprintKey: 'k', threads: 2, aloneBytes };
      await scanAll(tasks, options, ({ job }, outcomes) => {
        for (const [item, outcome] of outcomes.entries())
          if (outcome.kind === 'examined')
            seen.push(
              ...outcome.examined.found.map((found) => `${job.files[item]} ${found.line} ${found.fingerprint}`),
            );
      });
      return seen;
    };
    const threaded = await look(0);
    expect(threaded).toHaveLength(60);
    expect(threaded).toEqual(await look(Number.POSITIVE_INFINITY));
  });

  it('goes on without a file that holds a thread up, and says that it was not fully scanned', async () => {
    const pool = createPool({ fingerprintKey: undefined, threads: 1, itemMs: 10 });
    try {
      // So many keywords of a dear rule that one thread needs far longer than that.
      const slow = Buffer.from('PuTTY-User-Key-File-3: a\n'.repeat(1_200_000));
      const quick = Buffer.from(`token=${github(1)}`);
      const bytes = Buffer.concat([quick, slow, quick]);
      const ends = [quick.length, quick.length + slow.length, bytes.length];
      const outcomes = await pool.run({ kind: 'contents', bytes, ends, similar: [-1, -1, -1] });
      // The small ones are nearly always done in time; on a busy machine they may be ended too, and are then said.
      expect(outcomes).toHaveLength(3);
      expect(outcomes[1]).toMatchObject({ kind: 'missed', reason: expect.stringContaining('not fully scanned') });
    } finally {
      await pool.close();
    }
  });

  it('ends when it is told to', async () => {
    const stop = new AbortController();
    const bytes = Buffer.from('password = x\n'.repeat(100_000));
    const job = { kind: 'contents' as const, bytes, ends: [bytes.length], similar: [-1] };
    const tasks = Array.from({ length: 50 }, () => ({ job }));
    const scanning = scanAll(tasks, { signal: stop.signal, fingerprintKey: undefined, threads: 1, aloneBytes: 0 }, () =>
      stop.abort(new Error('enough')),
    );
    await expect(scanning).rejects.toThrow('enough');
  });
});
