import { describe, expect, it } from 'vitest';
import { localQueue } from '../../src/queue/local.ts';
import type { Job } from '../../src/queue/port.ts';

/** A handler whose jobs end when the test says so. */
function gate() {
  const started: string[] = [];
  const release: (() => void)[] = [];
  return {
    started,
    handler: (job: Job) => {
      started.push(job.key);
      return new Promise<void>((resolve) => release.push(resolve));
    },
    async endOne() {
      release.shift()?.();
      await settle();
    },
  };
}
const settle = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};
const job = (key: string, payload: unknown = null): Job => ({ kind: 'audit', key, payload });

describe('the local queue', () => {
  it('runs at most so many jobs at once and the others in their order', async () => {
    const queue = localQueue({ concurrency: 2, onError: () => undefined });
    const { handler, started, endOne } = gate();
    queue.handle('audit', handler);
    for (const key of ['a', 'b', 'c', 'd']) await queue.enqueue(job(key));
    await settle();
    expect([started, queue.size()]).toEqual([['a', 'b'], { waiting: 2, running: 2 }]);
    await endOne();
    expect(started).toEqual(['a', 'b', 'c']);
    for (let n = 0; n < 3; n += 1) await endOne();
    expect([started.length, queue.size()]).toEqual([4, { waiting: 0, running: 0 }]);
  });

  it('takes a second request for what waits as the same, and runs one for what runs afterwards, never beside it', async () => {
    const queue = localQueue({ concurrency: 4, onError: () => undefined });
    const { handler, started, endOne } = gate();
    queue.handle('audit', handler);
    await queue.enqueue(job('a'));
    await settle();
    expect(await queue.enqueue(job('a'))).toBe(true);
    expect(await queue.enqueue(job('a'))).toBe(false);
    await settle();
    expect([started, queue.size()]).toEqual([['a'], { waiting: 1, running: 1 }]);
    await endOne();
    expect(started).toEqual(['a', 'a']);
    await endOne();
    expect(queue.size()).toEqual({ waiting: 0, running: 0 });
  });

  it('goes on after a job that threw, and after one that nobody handles', async () => {
    const errors: string[] = [];
    const queue = localQueue({ concurrency: 1, onError: (failed, thrown) => errors.push(`${failed.key}: ${thrown}`) });
    const done: string[] = [];
    queue.handle('audit', async (one) => {
      if (one.key === 'bad') throw new Error('broken');
      done.push(one.key);
    });
    await queue.enqueue(job('bad'));
    await queue.enqueue({ kind: 'other', key: 'x', payload: null });
    await queue.enqueue(job('good'));
    await settle();
    expect(done).toEqual(['good']);
    expect(errors).toEqual(['bad: Error: broken', 'x: Error: nobody handles jobs of kind "other"']);
  });

  it('lets running jobs end when it closes, drops waiting ones and takes no more', async () => {
    const queue = localQueue({ concurrency: 1, onError: () => undefined });
    const { handler, started, endOne } = gate();
    queue.handle('audit', handler);
    await queue.enqueue(job('a'));
    await queue.enqueue(job('b'));
    await settle();
    const closed = queue.close(60_000);
    expect(await queue.enqueue(job('c'))).toBe(false);
    await endOne();
    await closed;
    expect(started).toEqual(['a']);
  });

  it('aborts what has not ended in time', async () => {
    const reasons: string[] = [];
    const queue = localQueue({ concurrency: 1, onError: (_job, thrown) => reasons.push(String(thrown)) });
    queue.handle(
      'audit',
      (_job, signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    await queue.enqueue(job('a'));
    await settle();
    await queue.close(1);
    expect(reasons).toEqual(['Error: the service is shutting down']);
  });
});
