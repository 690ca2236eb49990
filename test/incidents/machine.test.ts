import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Incident } from '../../src/core/incident.ts';
import { changesOf } from '../../src/incidents/machine.ts';
import { byKey, counter, NOON, signal } from './support.ts';

const opened = (): Incident => {
  const [change] = changesOf(new Map(), [signal()], counter(), NOON);
  if (!change) throw new Error('nothing opened');
  return change.incident;
};

describe('incidents from signals', () => {
  it('opens one on the first signal and tells people', () => {
    const [change] = changesOf(new Map(), [signal({ text: 'connection refused' })], counter(), NOON);
    expect(change).toMatchObject({
      kind: 'open',
      tell: true,
      incident: { id: 'i1', key: 'monitor:shop-web', state: 'open', openedAt: NOON, resolvedAt: null },
      entry: { type: 'opened', text: 'connection refused' },
    });
  });

  it('says nothing twice', () => {
    expect(changesOf(byKey([opened()]), [signal(), signal()], counter(), NOON)).toEqual([]);
  });

  it('tells of a worse severity and keeps a milder one to the timeline', () => {
    const incident = opened();
    const [worse] = changesOf(byKey([incident]), [signal({ severity: 'critical' })], counter(), NOON);
    expect(worse).toMatchObject({ kind: 'update', tell: true, incident: { id: incident.id, severity: 'critical' } });
    const [milder] = changesOf(byKey([incident]), [signal({ severity: 'low' })], counter(), NOON);
    expect(milder).toMatchObject({ kind: 'update', tell: false, incident: { severity: 'low' } });
  });

  it('tells of news although the incident is acknowledged, and leaves it acknowledged', () => {
    const acknowledged: Incident = { ...opened(), state: 'acknowledged', acknowledgedAt: NOON };
    const [change] = changesOf(byKey([acknowledged]), [signal({ news: true })], counter(), NOON + 1);
    expect(change).toMatchObject({ kind: 'update', tell: true, incident: { state: 'acknowledged' } });
  });

  it('resolves on the same key, and the next one is another incident', () => {
    const changes = changesOf(
      byKey([opened()]),
      [signal({ kind: 'close', at: NOON + 60_000 }), signal({ at: NOON + 90_000 })],
      counter('later'),
      NOON + 90_000,
    );
    expect(changes.map((change) => [change.kind, change.incident.id])).toEqual([
      ['resolve', 'i1'],
      ['open', 'later1'],
    ]);
    expect(changes[0]?.incident).toMatchObject({ state: 'resolved', resolvedAt: NOON + 60_000 });
  });

  it('ignores a close of what is not open', () => {
    expect(changesOf(new Map(), [signal({ kind: 'close' })], counter(), NOON)).toEqual([]);
  });

  it('never lets an incident end before it began, whatever the clock does', () => {
    const [change] = changesOf(byKey([opened()]), [signal({ kind: 'close', at: NOON - 3_600_000 })], counter(), NOON);
    expect(change?.incident.resolvedAt).toBe(NOON);
  });

  it('keeps at most one unresolved incident per key and ends every one that it opened', () => {
    const anySignal = fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      kind: fc.constantFrom('open' as const, 'close' as const),
      severity: fc.constantFrom('critical' as const, 'high' as const, 'low' as const),
      at: fc.integer({ min: NOON - 1e7, max: NOON + 1e7 }),
      news: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anySignal, { maxLength: 40 }), (list) => {
        const newId = counter();
        const rows = new Map<string, Incident>();
        for (const one of list) {
          for (const change of changesOf(byKey([...rows.values()]), [signal(one)], newId, NOON)) {
            if (change.kind === 'open') expect(rows.has(change.incident.id)).toBe(false);
            else expect(rows.get(change.incident.id)?.state).not.toBe('resolved');
            rows.set(change.incident.id, change.incident);
          }
          const keys = [...rows.values()].filter((row) => row.state !== 'resolved').map((row) => row.key);
          expect(new Set(keys).size).toBe(keys.length);
        }
        for (const key of ['a', 'b', 'c']) {
          const changes = changesOf(byKey([...rows.values()]), [signal({ key, kind: 'close' })], newId, NOON);
          for (const change of changes) rows.set(change.incident.id, change.incident);
        }
        for (const row of rows.values()) {
          expect(row.state).toBe('resolved');
          expect(row.resolvedAt).toBeGreaterThanOrEqual(row.openedAt);
        }
        // One batch gives the same end as one signal at a time.
        const batch = changesOf(
          new Map(),
          list.map((one) => signal(one)),
          counter(),
          NOON,
        );
        expect(batch.filter((change) => change.kind === 'open').length).toBe(rows.size);
      }),
    );
  });
});
