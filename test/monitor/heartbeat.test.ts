import { describe, expect, it } from 'vitest';
import type { HeartbeatSpec } from '../../src/core/monitor.ts';
import { afterPing, afterSilence, heardOf, lateAt, verdictOf } from '../../src/monitor/heartbeat.ts';
import { newState } from '../../src/monitor/step.ts';

const at = (text: string): number => Date.parse(text);
const HOUR = 3_600_000;
const spec = (schedule: HeartbeatSpec['schedule']): HeartbeatSpec => ({
  id: 'nightly',
  name: 'Nightly',
  schedule,
  graceMs: HOUR / 2,
  severity: 'high',
  labels: {},
});
const nightly = spec({ cron: '0 2 * * *', timeZone: 'Europe/Lisbon' });
const hourly = spec({ everyMs: HOUR });
const known = newState('nightly', at('2026-11-20T12:00:00Z'));

describe('a heartbeat', () => {
  it('is late after its period and the grace', () => {
    const state = afterPing(known, 'success', null, at('2026-11-20T13:00:00Z'));
    expect(afterSilence(hourly, state, at('2026-11-20T14:29:59Z'))).toBeNull();
    expect(afterSilence(hourly, state, at('2026-11-20T14:30:00Z'))).toMatchObject({
      state: 'down',
      lastReason: 'its last success was 1h 30m ago',
    });
  });

  it('follows a cron line in its zone', () => {
    const state = afterPing(known, 'success', null, at('2026-11-20T02:03:00Z'));
    expect(new Date(lateAt(nightly, state) ?? 0).toISOString()).toBe('2026-11-21T02:30:00.000Z');
    const summer = afterPing(known, 'success', null, at('2026-07-20T01:03:00Z'));
    expect(new Date(lateAt(nightly, summer) ?? 0).toISOString()).toBe('2026-07-21T01:30:00.000Z');
  });

  it('that was declared and never reported is found', () => {
    expect(afterSilence(nightly, known, at('2026-11-21T02:30:00Z'))).toMatchObject({
      state: 'down',
      lastReason: 'it has not reported in the 14h 30m since it is known',
    });
  });

  it('is down at once when the job says that it failed, and counts on from its last success', () => {
    const good = afterPing(known, 'success', null, at('2026-11-20T13:00:00Z'));
    const bad = afterPing(good, 'fail', 'the job ended with exit code 3', at('2026-11-20T13:10:00Z'));
    expect(bad).toMatchObject({
      state: 'down',
      lastReason: 'the job ended with exit code 3',
      lastBeatAt: good.lastBeatAt,
    });
    expect(afterPing(bad, 'success', null, at('2026-11-20T13:20:00Z'))).toMatchObject({
      state: 'up',
      lastReason: null,
    });
  });

  it('takes an exit code for what it says, and a start for nothing', () => {
    expect(verdictOf('success', null)).toBe('success');
    expect(verdictOf('success', 0)).toBe('success');
    expect(verdictOf('success', 1)).toBe('fail');
    expect(verdictOf('fail', null)).toBe('fail');
    expect(verdictOf('start', null)).toBe('none');
    expect(verdictOf('log', 1)).toBe('none');
  });

  it('says nothing twice', () => {
    const down = afterSilence(hourly, known, at('2026-11-21T12:00:00Z'));
    expect(down && afterSilence(hourly, down, at('2026-11-22T12:00:00Z'))).toBeNull();
  });

  it('that flaps has to last before its recovery is believed: 5 minutes from the third outage within an hour on', () => {
    const start = at('2026-11-20T13:00:00Z');
    const minute = 60_000;
    const heard: (string | null)[] = [];
    let state = afterPing(known, 'success', null, start);
    const say = (verdict: 'success' | 'fail', now: number): void => {
      const after = afterPing(state, verdict, null, now);
      heard.push(heardOf(state, after));
      state = after;
    };
    for (const n of [1, 2, 3]) {
      say('fail', start + 4 * n * minute);
      say('success', start + (4 * n + 1) * minute);
    }
    expect(heard).toEqual(['open', 'close', 'open', 'close', 'open', null]);
    expect(afterSilence(hourly, state, start + 17 * minute)).toBeNull();
    const lasted = afterSilence(hourly, state, start + 18 * minute);
    expect(lasted && heardOf(state, lasted)).toBe('close');
    say('fail', start + 17 * minute);
    say('success', start + 17.5 * minute);
    expect(heard.slice(-2)).toEqual(['open', null]);
    expect(state.flappingUntil).toBe(start + 27.5 * minute);
  });
});
