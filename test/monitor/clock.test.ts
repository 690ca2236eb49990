import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Beat, MonitorSpec } from '../../src/core/monitor.ts';
import { type Loop, startLoop } from '../../src/monitor/loop.ts';

const HOUR = 3_600_000;
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Looks every 50 ms at a server; the wall clock is moved with `step`. */
async function start(concurrency = 8) {
  const server = createServer((_, answer) => answer.end('ok'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const expectation = { status: [], latencyBelowMs: null, body: [], certificateValidForMs: null };
  const spec = (id: string): MonitorSpec => ({
    id,
    name: id,
    look: { kind: 'http', url, method: 'GET', expect: expectation, ca: [] },
    everyMs: 50,
    timeoutMs: 5_000,
    downAfter: 1,
    upAfter: 1,
    severity: 'high',
    labels: {},
  });
  let moved = 0;
  const beats: Beat[] = [];
  let heard = (): void => {};
  const loop: Loop = startLoop({
    now: () => Date.now() + moved,
    clock: () => performance.now(),
    resolve: async (host) => ({ addresses: [host], ms: null }),
    lagSince: () => 0,
    onBeat: (_, beat) => {
      beats.push(beat);
      heard();
    },
    concurrency,
    perHost: 8,
  });
  closing.push(loop.stop);
  loop.set(['a', 'b', 'c', 'd'].map(spec));
  return {
    beats,
    step: (ms: number) => {
      moved += ms;
    },
    /** Until so many more looks were heard of for which it holds. */
    until: (holds: (beat: Beat) => boolean, count: number): Promise<void> => {
      const from = beats.length;
      return new Promise((resolve) => {
        heard = () => {
          if (beats.slice(from).filter(holds).length >= count) resolve();
        };
      });
    },
  };
}

describe('a clock that is set', () => {
  it.each([
    { what: 'forward', by: HOUR },
    { what: 'back', by: -HOUR },
  ])('$what by an hour leaves no look out, none doubled, and no lateness that was not', async ({ by }) => {
    const { beats, step, until } = await start();
    await until(() => true, 12);
    const before = Date.now();
    step(by);
    const there = (beat: Beat): boolean => Math.abs(beat.scheduledAt - (before + by)) < HOUR / 2;
    await until(there, 40);
    const after = beats.filter(there);
    expect(new Set(after.map((beat) => beat.monitorId)).size).toBe(4);
    expect(new Set(beats.map((beat) => `${beat.monitorId} ${beat.scheduledAt}`)).size).toBe(beats.length);
    // Neither the look that was on its way nor any later one is an hour late, early or long.
    for (const beat of beats) {
      expect(Math.abs(beat.startedAt - beat.scheduledAt)).toBeLessThan(HOUR / 2);
      expect(beat.finishedAt - beat.startedAt).toBeGreaterThanOrEqual(0);
      expect(beat.finishedAt - beat.startedAt).toBeLessThan(HOUR / 2);
    }
  });

  it('goes on with those that were waiting in line', async () => {
    const { step, until } = await start(1);
    await until(() => true, 4);
    step(HOUR);
    await until((beat) => beat.monitorId === 'd', 3);
    step(-HOUR);
    for (const id of ['a', 'b', 'c', 'd']) await until((beat) => beat.monitorId === id, 2);
  });

  it('set back by whole periods gives looks instants of their own', async () => {
    const { beats, step, until } = await start();
    await until(() => true, 4 * 60);
    step(-50 * 50);
    await until(() => true, 4 * 20);
    expect(new Set(beats.map((beat) => `${beat.monitorId} ${beat.scheduledAt}`)).size).toBe(beats.length);
  });
});
