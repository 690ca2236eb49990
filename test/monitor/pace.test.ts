import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makePace } from '../../src/monitor/pace.ts';

it('lets no second have more than twice the steady rate, however long we were held up', () => {
  const waits = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 5, maxLength: 20 });
  fc.assert(
    fc.property(waits, fc.integer({ min: 100, max: 500 }), (pauses, rate) => {
      let now = 0;
      const pace = makePace(() => now);
      pace.set(rate);
      const begun: number[] = [];
      for (const pause of pauses) {
        now += pause;
        while (pace.take()) begun.push(now);
      }
      for (let first = 0, last = 0; last < begun.length; last += 1) {
        while ((begun[last] ?? 0) - (begun[first] ?? 0) >= 1_000) first += 1;
        expect(last - first + 1).toBeLessThanOrEqual(2 * rate);
      }
    }),
  );
});

it('never holds the steady rate back', () => {
  let now = 0;
  const pace = makePace(() => now);
  pace.set(400);
  for (let look = 0; look < 4_000; look += 1) {
    expect(pace.take()).toBe(true);
    now += 2.5;
  }
});
