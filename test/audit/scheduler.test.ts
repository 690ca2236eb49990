import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDueHeap } from '../../src/audit/due-heap.ts';
import { firstDue, nextDue, type Schedule } from '../../src/audit/schedule.ts';
import { type Clock, createScheduler, type Entry, type Job } from '../../src/audit/scheduler.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const HOUR = 3_600_000;

describe('the heap', () => {
  it('gives everything back in order', () => {
    const item = fc.record({ id: fc.string({ maxLength: 3 }), at: fc.integer({ min: 0, max: 20 }) });
    fc.assert(
      fc.property(fc.array(item), (items) => {
        const heap = createDueHeap();
        for (const one of items) heap.push(one);
        const out = [];
        for (let next = heap.pop(); next !== undefined; next = heap.pop()) out.push(next);
        const sorted = [...items].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
        expect(out).toEqual(sorted);
      }),
    );
  });
});

describe('due times', () => {
  const every = fc.integer({ min: 1_000, max: 7 * 24 * HOUR });
  const after = fc.integer({ min: 0, max: 4e12 });

  it('of a period are exactly one period apart, wherever one starts to count', () => {
    fc.assert(
      fc.property(fc.string(), every, after, (id, everyMs, start) => {
        const first = nextDue(id, { everyMs }, start) ?? 0;
        expect(first).toBeGreaterThan(start);
        expect(first - start).toBeLessThanOrEqual(everyMs);
        expect(nextDue(id, { everyMs }, first)).toBe(first + everyMs);
      }),
    );
  });

  it('never burst after a restart and never leave a gap longer than a period', () => {
    fc.assert(
      fc.property(fc.string(), every, after, fc.integer({ min: 0, max: 60 * 24 * HOUR }), (id, everyMs, last, away) => {
        const now = last + away;
        const first = firstDue(id, { everyMs }, last, now) ?? 0;
        expect(first).toBeGreaterThanOrEqual(now);
        expect(first - now).toBeLessThanOrEqual(everyMs);
      }),
    );
    const restarted = Array.from(
      { length: 300 },
      (_, n) => firstDue(`t${n}`, { everyMs: HOUR }, NOW - 90 * HOUR, NOW) ?? 0,
    );
    expect(new Set(restarted.map((at) => Math.floor(at / 10_000))).size).toBeGreaterThan(20);
  });

  it('of a cron line follow its time zone through a change of the clock', () => {
    const schedule: Schedule = { cron: '0 2 * * *', timeZone: 'Europe/Lisbon' };
    const summer = nextDue('a', schedule, Date.parse('2026-10-23T12:00:00Z')) ?? 0;
    const winter = nextDue('a', schedule, Date.parse('2026-10-26T12:00:00Z')) ?? 0;
    const jitter = summer - Date.parse('2026-10-24T01:00:00Z');
    expect(jitter).toBeGreaterThanOrEqual(0);
    expect(jitter).toBeLessThan(30_000);
    expect(winter - jitter).toBe(Date.parse('2026-10-27T02:00:00Z'));
  });

  it('are now for what was never done, and never for what runs on demand only', () => {
    expect(firstDue('a', { everyMs: HOUR }, null, NOW)).toBe(NOW);
    expect(firstDue('a', null, null, NOW)).toBeNull();
    expect(firstDue('a', { cron: '0 0 30 2 *', timeZone: 'UTC' }, NOW - HOUR, NOW)).toBeNull();
  });
});

/** A clock that stands still until it is told, and runs that end when they are told. */
function bench(concurrency = 2) {
  let now = NOW;
  let timers: { at: number; call: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    after(ms, call) {
      const timer = { at: now + ms, call };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
  };
  const runs: { job: Job; signal: AbortSignal; finish: () => void }[] = [];
  const late: number[] = [];
  let ids = 0;
  const scheduler = createScheduler({
    clock,
    concurrency,
    newId: () => {
      ids += 1;
      return `job-${ids}`;
    },
    run: (job, signal) =>
      new Promise<void>((resolve, reject) => {
        runs.push({ job, signal, finish: resolve });
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
    onLateness: (ms) => late.push(ms),
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    scheduler,
    runs,
    late,
    async finish(index: number) {
      runs[index]?.finish();
      await settle();
    },
    async advance(ms: number) {
      const end = now + ms;
      for (;;) {
        const next = timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers = timers.filter((timer) => timer !== next);
        now = Math.max(now, next.at);
        next.call();
        await settle();
      }
      now = end;
    },
  };
}
const entry = (id: string, change: Partial<Entry> = {}): Entry => ({
  id,
  host: id,
  schedule: { everyMs: HOUR },
  lastAt: null,
  ...change,
});
const started = (runs: { job: Job }[]) => runs.map((run) => run.job.entry);

describe('the scheduler', () => {
  it('lets a dozen audits listen for the stop at once without a warning of a leak', async () => {
    const warnings: string[] = [];
    const note = (warning: Error) => warnings.push(warning.name);
    process.on('warning', note);
    const { scheduler, runs } = bench(30);
    scheduler.set(Array.from({ length: 30 }, (_, n) => entry(`many-${n}`)));
    expect(runs).toHaveLength(30);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });

  it('begins at once with what was never done, and runs no more than it may', async () => {
    const { scheduler, runs, finish } = bench(2);
    scheduler.set([entry('a'), entry('b'), entry('c')]);
    expect(started(runs)).toEqual(['a', 'b']);
    await finish(0);
    expect(started(runs)).toEqual(['a', 'b', 'c']);
  });

  it('runs one at a time per host, and lets others pass the one that waits', async () => {
    const { scheduler, runs, finish } = bench(3);
    scheduler.set([entry('a', { host: 'x' }), entry('b', { host: 'x' }), entry('c')]);
    expect(started(runs)).toEqual(['a', 'c']);
    await finish(0);
    expect(started(runs)).toEqual(['a', 'c', 'b']);
  });

  it('makes one run of all that were missed while the last one was still under way', async () => {
    const { scheduler, runs, late, advance, finish } = bench();
    scheduler.set([entry('a')]);
    await advance(5 * HOUR);
    expect(runs).toHaveLength(1);
    await finish(0);
    await advance(HOUR);
    expect(runs).toHaveLength(2);
    expect(Math.max(...late)).toBe(0);
  });

  it('tells how late a run began', async () => {
    const { scheduler, late, advance, finish } = bench(1);
    scheduler.set([entry('a'), entry('b')]);
    await advance(90_000);
    await finish(0);
    expect(late).toEqual([0, 90_000]);
  });

  it('answers a request with the run that is already there', async () => {
    const { scheduler, runs, finish } = bench();
    scheduler.set([entry('a', { schedule: null })]);
    expect(runs).toHaveLength(0);
    const first = scheduler.trigger('a');
    const second = scheduler.trigger('a');
    expect(first).toMatchObject({ started: true, job: { trigger: 'api' } });
    expect(second).toMatchObject({ started: false, job: { id: first?.job.id } });
    expect(scheduler.trigger('nobody')).toBeNull();
    await finish(0);
    expect(scheduler.jobOf('a')).toBeNull();
    expect(scheduler.trigger('a')?.started).toBe(true);
  });

  it('keeps due times over a reload, drops what is gone and takes up what is new', async () => {
    const { scheduler, runs, finish, advance } = bench();
    scheduler.set([entry('a'), entry('b')]);
    await finish(0);
    await finish(1);
    const due = scheduler.nextDueAt('a');
    await advance(60_000);
    scheduler.set([entry('a', { lastAt: NOW }), entry('c')]);
    expect(scheduler.nextDueAt('a')).toBe(due);
    expect(scheduler.nextDueAt('b')).toBeNull();
    expect(started(runs)).toEqual(['a', 'b', 'c']);
    scheduler.set([entry('a', { schedule: null }), entry('c')]);
    expect(scheduler.nextDueAt('a')).toBeNull();
  });

  it('drains: starts nothing more, waits, then aborts', async () => {
    const { scheduler, runs, advance, finish } = bench(2);
    scheduler.set([entry('a'), entry('b'), entry('c')]);
    const drained = scheduler.drain(10_000);
    await finish(0);
    expect(started(runs)).toEqual(['a', 'b']);
    expect(runs[1]?.signal.aborted).toBe(false);
    await advance(10_000);
    await drained;
    expect(runs[1]?.signal.aborted).toBe(true);
    expect(scheduler.trigger('a')).toBeNull();
  });
});
