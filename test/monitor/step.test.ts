import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BeatState, MonitorState } from '../../src/core/monitor.ts';
import { newState, retract, step } from '../../src/monitor/step.ts';

const T = Date.parse('2026-11-20T12:00:00Z');
const MIN = 60_000;
const rule = { downAfter: 3, upAfter: 2 };
const LETTERS: Record<string, BeatState> = { u: 'up', d: 'down', '?': 'unknown' };

/** Looks once a minute: `u` up, `d` down, `?` unknown. Gives the signals with their minute, and the last state. */
function run(looks: string, from: MonitorState = newState('m', T)): { said: string[]; state: MonitorState } {
  let state = from;
  const said: string[] = [];
  for (const [minute, letter] of [...looks].entries()) {
    const stepped = step(state, { state: LETTERS[letter] ?? 'up', scheduledAt: T + minute * MIN, reason: null }, rule);
    state = stepped.state;
    if (stepped.signal) said.push(`${minute} ${stepped.signal}`);
  }
  return { said, state };
}

describe('the state of a monitor', () => {
  it('is up at the first good look and down only after several bad ones', () => {
    expect(run('u').state.state).toBe('up');
    expect(run('udd').state.state).toBe('up');
    expect(run('uddd').said).toEqual(['0 close', '3 open']);
  });

  it('dates a change back to the first look that showed it', () => {
    expect(run('uddd').state).toMatchObject({ state: 'down', since: T + MIN });
  });

  it('comes back only after several good looks', () => {
    expect(run('udddudu').state.state).toBe('down');
    expect(run('udddduu').said).toEqual(['0 close', '3 open', '6 close']);
  });

  it('learns nothing from a look that could not be taken', () => {
    expect(run('u??').state.state).toBe('up');
    expect(run('ud?d?d').said).toEqual(['0 close', '5 open']);
    expect(run('???').state.state).toBe('unknown');
  });

  it('says unknown when it cannot look for long, and takes one look to find what it knew', () => {
    expect(run('u????').state).toMatchObject({ state: 'unknown', verdict: 'up', since: T + MIN });
    expect(run('u????u').state).toMatchObject({ state: 'up', since: T + 5 * MIN });
    expect(run('uddd????d')).toMatchObject({
      said: ['0 close', '3 open'],
      state: { state: 'down', since: T + 8 * MIN },
    });
    expect(run('uddd????uu').said).toEqual(['0 close', '3 open', '9 close']);
    expect(run('ud????dd').said.at(-1)).toBe('7 open');
    expect(run('ud????dd').state).toMatchObject({ state: 'down', since: T + 6 * MIN });
  });

  it('knows nothing of the time in which nobody looked', () => {
    const before = run('uu').state;
    const after = step(before, { state: 'up', scheduledAt: T + 60 * MIN, reason: null }, { ...rule, gapMs: 3 * MIN });
    expect(after.changes.map(({ to, at }) => [to, at - T])).toEqual([
      ['unknown', MIN + 1],
      ['up', 60 * MIN],
    ]);
    const down = run('uddd').state;
    const again = step(down, { state: 'down', scheduledAt: T + 60 * MIN, reason: null }, { ...rule, gapMs: 3 * MIN });
    expect(again.state.state).toBe('down');
    expect(again.signal).toBeNull();
  });

  it('keeps changes in order through clock steps of an hour either way', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('u', 'd', '?'), fc.constantFrom(0, 0, 0, -60, 60)), { maxLength: 200 }),
        (looks) => {
          let state = newState('m', T);
          let clock = T;
          let open = false;
          const ats: number[] = [];
          for (const [letter, jump] of looks) {
            clock += MIN + jump * MIN;
            const look = { state: LETTERS[letter] ?? ('up' as const), scheduledAt: clock, reason: null };
            const stepped = step(state, look, { ...rule, gapMs: 3 * MIN });
            for (const change of stepped.changes) ats.push(change.at);
            if (stepped.signal) open = stepped.signal === 'open';
            state = stepped.state;
          }
          expect(ats).toEqual([...new Set(ats)].sort((a, b) => a - b));
          if (state.state === 'down') expect(open).toBe(true);
        },
      ),
    );
  });

  it('takes back what it concluded while we were blind', () => {
    const { state } = run('uddd');
    const back = retract(state, T, T + 5 * MIN, 'it was us');
    expect(back).toMatchObject({ signal: 'close', state: { state: 'unknown', verdict: 'up', streak: null } });
    expect(retract(state, T + 3 * MIN, T + 5 * MIN, 'it was us').signal).toBeNull();
  });

  it('keeps one incident open while it flaps, and closes it when a recovery lasts', () => {
    const outage = 'ddduu';
    const three = run(`u${outage.repeat(3)}`);
    expect(three.said.map((one) => one.split(' ')[1])).toEqual(['close', 'open', 'close', 'open', 'close', 'open']);
    expect(three.state).toMatchObject({ state: 'up' });
    expect(three.state.flappingUntil).not.toBeNull();
    const calm = run(`u${outage.repeat(3)}uuuuu`);
    expect(calm.said.at(-1)).toBe('20 close');
    expect(calm.state.flappingUntil).toBeNull();
  });

  it('opens at most one incident at a time and is never open on a monitor that has been up for an hour', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('u', 'd', '?'), { maxLength: 300 }), (looks) => {
        const { said, state } = run(looks.join(''));
        let open = false;
        for (const [kind] of said.map((one) => one.split(' ').slice(1))) {
          if (kind === 'open') open = true;
          else open = false;
        }
        if (state.state === 'down') expect(open).toBe(true);
        if (state.state === 'up' && state.flappingUntil === null) expect(open).toBe(false);
        const calm = run(`${looks.join('')}${'u'.repeat(64)}`);
        expect(calm.said.at(-1)?.split(' ')[1] ?? 'close').toBe('close');
        expect(calm.state).toMatchObject({ state: 'up', flappingUntil: null });
        expect(state.changes.length).toBeLessThanOrEqual(32);
      }),
    );
  });

  it('says open only after downAfter bad looks without a good one between', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('u', 'd', '?'), { maxLength: 200 }), (looks) => {
        for (const one of run(looks.join('')).said) {
          const [minute, kind] = one.split(' ');
          if (kind !== 'open') continue;
          const before = looks.slice(0, Number(minute) + 1).filter((letter) => letter !== '?');
          expect(before.slice(-3)).toEqual(['d', 'd', 'd']);
        }
      }),
    );
  });
});
