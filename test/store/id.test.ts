import fc from 'fast-check';
import { expect, it } from 'vitest';
import { newId } from '../../src/store/id.ts';

it('makes ids that differ and sort by the time of their making', () => {
  const instant = fc.integer({ min: 0, max: 2 ** 45 });
  fc.assert(
    fc.property(instant, instant, (a, b) => {
      const [first, second] = [newId(a), newId(b)];
      expect(first).toMatch(/^[0-9a-hjkmnp-tv-z]{26}$/);
      expect(first).not.toBe(second);
      if (a !== b) expect(first < second).toBe(a < b);
    }),
  );
});
