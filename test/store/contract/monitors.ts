import { expect, it } from 'vitest';
import type { MonitorState } from '../../../src/core/monitor.ts';
import { beat, type Open } from './fixture.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const state = (change: Partial<MonitorState> = {}): MonitorState => ({
  monitorId: 'shop-web',
  state: 'up',
  since: 0,
  streak: { state: 'up', count: 1, since: 0 },
  changes: [],
  flappingUntil: null,
  lastBeatAt: 0,
  lastReason: null,
  ...change,
});

/** Beats, their sums, states, changes, pings. */
export function monitorContract(open: Open): void {
  it('keeps a batch of beats as they were and sums them by minute, hour and day', async () => {
    const { store, repos } = await open();
    const beats = [
      beat({ scheduledAt: 0 }),
      beat({ scheduledAt: 30_000, latencyMs: 80 }),
      beat({ scheduledAt: 60_000, state: 'down', latencyMs: null, timings: null, code: null, reason: 'refused' }),
      beat({
        scheduledAt: HOUR,
        state: 'unknown',
        latencyMs: null,
        timings: null,
        code: null,
        reason: 'we are offline',
      }),
    ];
    await store.write((q) => repos.monitors.append(q, { beats: beats.slice(0, 2), states: [state()] }));
    await store.write((q) => repos.monitors.append(q, { beats: beats.slice(2) }));
    expect(await repos.monitors.beats('shop-web', { from: 0, to: DAY, limit: 10 })).toEqual(beats);
    expect(await repos.monitors.beats('shop-web', { from: 0, to: HOUR, limit: 2 })).toEqual(beats.slice(1, 3));
    // Two of the looks had an answer, neither of them over TLS.
    const phases = { resolveSum: 2, connectSum: 5, tlsSum: null, firstByteSum: 200, transferSum: 34 };
    const minute = await repos.monitors.rollups('shop-web', { widthMs: 60_000, from: 0, to: HOUR });
    expect(minute).toEqual([
      { ...sum(0, 60_000), up: 2, latencyCount: 2, latencySum: 200.5, latencyMin: 80, latencyMax: 120.5, ...phases },
      { ...sum(60_000, 60_000), down: 1 },
    ]);
    const [day] = await repos.monitors.rollups('shop-web', { widthMs: DAY, from: 0, to: DAY });
    expect(day).toEqual({
      ...sum(0, DAY),
      up: 2,
      down: 1,
      unknown: 1,
      latencyCount: 2,
      latencySum: 200.5,
      latencyMin: 80,
      latencyMax: 120.5,
      ...phases,
    });
    expect(await repos.monitors.rollupsOf([], { widthMs: HOUR, from: 0, to: DAY })).toEqual(new Map());
    const all = await repos.monitors.rollupsOf(['shop-web'], { widthMs: HOUR, from: 0, to: DAY });
    expect(all.get('shop-web')?.map((row) => row.from)).toEqual([0, HOUR]);
  });

  it('counts a beat once, however often it is handed in', async () => {
    const { store, repos } = await open();
    const beats = [beat({ scheduledAt: 1_000 }), beat({ scheduledAt: 1_000 }), beat({ scheduledAt: 2_000 })];
    for (let n = 0; n < 2; n += 1) await store.write((q) => repos.monitors.append(q, { beats }));
    const [day] = await repos.monitors.rollups('shop-web', { widthMs: DAY, from: 0, to: DAY });
    expect(day?.up).toBe(2);
  });

  it('remembers where each monitor stands and when it changed', async () => {
    const { store, repos } = await open();
    const change = (at: number, toState: 'up' | 'down') => ({
      monitorId: 'shop-web',
      at,
      fromState: toState === 'up' ? ('down' as const) : ('up' as const),
      toState,
      reason: null,
    });
    const down = state({ state: 'down', since: 500, lastReason: 'refused' });
    await store.write((q) =>
      repos.monitors.append(q, {
        beats: [],
        states: [state(), state({ monitorId: 'other' })],
        changes: [change(100, 'up')],
      }),
    );
    await store.write((q) =>
      repos.monitors.append(q, { beats: [], states: [down], changes: [change(500, 'down'), change(900, 'up')] }),
    );
    expect((await repos.monitors.standings()).size).toBe((await repos.monitors.states()).size);
    expect(await repos.monitors.states()).toEqual(
      new Map([
        ['shop-web', down],
        ['other', state({ monitorId: 'other' })],
      ]),
    );
    expect(await repos.monitors.state('shop-web')).toEqual(down);
    expect((await repos.monitors.standings()).get('shop-web')).toBe('down');
    expect(await repos.monitors.state('nobody')).toBeNull();
    const at = async (from: number, to: number) =>
      (await repos.monitors.changes('shop-web', { from, to })).map((row) => row.at);
    expect(await at(500, 900)).toEqual([100, 500]);
    expect(await at(0, 1_000)).toEqual([100, 500, 900]);
    expect(await at(600, 700)).toEqual([500]);
    const all = async (from: number, to: number) =>
      (await repos.monitors.changesOfAll({ from, to })).get('shop-web')?.map((row) => row.at);
    expect(await all(500, 900)).toEqual([100, 500]);
    expect(await all(600, 700)).toEqual([500]);
    expect(await all(0, 50)).toBeUndefined();
    expect((await repos.monitors.changesOfAll({ from: 0, to: 1_000 }, ['other'])).size).toBe(0);
  });

  it('keeps raw beats two days, minutes seven, hours ninety, days for ever', async () => {
    const { store, repos } = await open();
    const now = 200 * DAY;
    const ages = [0, 1.5, 3, 8, 91].map((days) => beat({ scheduledAt: now - days * DAY - 1 }));
    await store.write((q) => repos.monitors.append(q, { beats: ages, states: [state()] }));
    await store.write((q) => repos.monitors.prune(q, now, ['another']));
    expect(await repos.monitors.beats('shop-web', { from: 0, to: now, limit: 99 })).toHaveLength(5);
    await store.write((q) => repos.monitors.prune(q, now));
    const range = { from: 0, to: now + 1 };
    expect(await repos.monitors.beats('shop-web', { ...range, limit: 99 })).toHaveLength(2);
    const left = async (widthMs: number) => (await repos.monitors.rollups('shop-web', { widthMs, ...range })).length;
    expect([await left(60_000), await left(HOUR), await left(DAY)]).toEqual([3, 4, 5]);
    await store.write((q) => repos.monitors.forget(q, 'shop-web'));
    expect([await left(DAY), await repos.monitors.state('shop-web')]).toEqual([0, null]);
  });

  it('takes thousands of beats in one batch', async () => {
    const { store, repos } = await open();
    const beats = Array.from({ length: 3_000 }, (_, n) => beat({ monitorId: `m${n % 1_500}`, scheduledAt: n }));
    await store.write((q) => repos.monitors.append(q, { beats }));
    const ids = Array.from({ length: 1_500 }, (_, n) => `m${n}`);
    const sums = await repos.monitors.rollupsOf(ids, { widthMs: DAY, from: 0, to: DAY });
    expect([...sums.values()].flat().reduce((total, row) => total + row.up, 0)).toBe(3_000);
  });

  it('keeps what jobs reported, newest first', async () => {
    const { store, repos } = await open();
    const ping = (at: number) => ({
      id: `p${at}`,
      monitorId: 'nightly',
      at,
      kind: 'fail' as const,
      exitCode: 3,
      durationMs: 100,
      body: 'disk full',
      remote: '127.0.0.1',
    });
    for (const at of [1, 2, 3]) await store.write((q) => repos.pings.add(q, ping(at)));
    expect(await repos.pings.list('nightly', 2)).toEqual([ping(3), ping(2)]);
    await store.write((q) => repos.pings.prune(q, 'nightly', 3));
    expect(await repos.pings.list('nightly', 9)).toEqual([ping(3)]);
  });
}

function sum(from: number, widthMs: number) {
  return {
    monitorId: 'shop-web',
    from,
    widthMs,
    up: 0,
    down: 0,
    unknown: 0,
    latencyCount: 0,
    latencySum: 0,
    latencyMin: null,
    latencyMax: null,
    resolveSum: null,
    connectSum: null,
    tlsSum: null,
    firstByteSum: null,
    transferSum: null,
  };
}
