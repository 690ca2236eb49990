import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DueHeap, nextDue } from '../../src/monitor/due.ts';

const T = Date.parse('2026-11-20T12:00:00Z');

describe('when a monitor is due', () => {
  it('keeps its rhythm over a restart', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: 1_000, max: 86_400_000 }),
        fc.integer({ min: 0, max: 1e9 }),
        (id, every, skip) => {
          const first = nextDue(id, every, T);
          expect(first).toBeGreaterThanOrEqual(T);
          expect(first - T).toBeLessThan(every);
          expect((nextDue(id, every, T + skip) - first) % every).toBe(0);
        },
      ),
    );
  });

  it('is spread over the period: no second of it gets more than twice its share', () => {
    const perSecond = new Array<number>(30).fill(0);
    for (let n = 0; n < 10_000; n += 1) {
      const second = Math.floor((nextDue(`shop-${n}`, 30_000, T) - T) / 1000);
      perSecond[second] = (perSecond[second] ?? 0) + 1;
    }
    expect(Math.max(...perSecond)).toBeLessThan((2 * 10_000) / 30);
    expect(Math.min(...perSecond)).toBeGreaterThan(0);
  });
});

describe('the heap', () => {
  it('gives everything back in order, whatever comes in between', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 50 }), { nil: null })), (steps) => {
        const heap = new DueHeap<number>();
        const kept: number[] = [];
        for (const at of steps) {
          if (at === null) {
            kept.sort((a, b) => a - b);
            expect(heap.pop()?.at).toBe(kept.shift());
          } else {
            heap.push({ at, item: at });
            kept.push(at);
          }
          expect(heap.size).toBe(kept.length);
          expect(heap.peek()?.at).toBe(kept.length > 0 ? Math.min(...kept) : undefined);
        }
      }),
    );
  });
});
