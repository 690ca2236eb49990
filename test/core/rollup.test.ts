import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BEAT_STATES, type Beat, type BeatRollup } from '../../src/core/monitor.ts';
import { addRollups, rollUp } from '../../src/core/rollup.ts';

const beats: fc.Arbitrary<Beat[]> = fc.array(
  fc.record({
    monitorId: fc.constantFrom('a', 'b'),
    scheduledAt: fc.integer({ min: -90_000, max: 200_000_000 }),
    state: fc.constantFrom(...BEAT_STATES),
    latencyMs: fc.option(fc.integer({ min: 0, max: 30_000 })),
    startedAt: fc.constant(0),
    finishedAt: fc.constant(0),
    timings: fc.constant(null),
    code: fc.constant(null),
    reason: fc.constant(null),
  }),
);
const byPlace = (sums: readonly BeatRollup[]) =>
  new Map(sums.map((sum) => [`${sum.monitorId} ${sum.widthMs} ${sum.from}`, sum]));

it('gives the same sums however the beats are cut into batches', () => {
  fc.assert(
    fc.property(beats, fc.nat(), (all, cut) => {
      const at = all.length === 0 ? 0 : cut % all.length;
      const merged = byPlace(rollUp(all.slice(0, at)));
      for (const [place, sum] of byPlace(rollUp(all.slice(at)))) {
        const earlier = merged.get(place);
        merged.set(place, earlier ? addRollups(earlier, sum) : sum);
      }
      expect(merged).toEqual(byPlace(rollUp(all)));
    }),
  );
});

it('counts every beat once in each width, in the bucket that holds it', () => {
  fc.assert(
    fc.property(beats, (all) => {
      for (const widthMs of [60_000, 3_600_000, 86_400_000]) {
        const sums = rollUp(all).filter((sum) => sum.widthMs === widthMs);
        expect(sums.reduce((total, sum) => total + sum.up + sum.down + sum.unknown, 0)).toBe(all.length);
        for (const beat of all) {
          const home = sums.find(
            (sum) =>
              sum.monitorId === beat.monitorId && sum.from <= beat.scheduledAt && beat.scheduledAt < sum.from + widthMs,
          );
          expect(home).toBeDefined();
          if (beat.latencyMs !== null) {
            expect(home?.latencyMin).toBeLessThanOrEqual(beat.latencyMs);
            expect(home?.latencyMax).toBeGreaterThanOrEqual(beat.latencyMs);
          }
        }
      }
    }),
  );
});
