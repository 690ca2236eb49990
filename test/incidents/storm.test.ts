import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Signal } from '../../src/core/signal.ts';
import { applySignals } from '../../src/incidents/apply.ts';
import { signalsFromFindings } from '../../src/incidents/from-findings.ts';
import { freshStore, policyTo } from './store.ts';
import { byKey, finding, NOON, shop, signal } from './support.ts';

let ground: Awaited<ReturnType<typeof freshStore>>;
beforeEach(async () => {
  ground = await freshStore();
});
afterEach(() => ground.close());

const policy = policyTo([{ id: 'hook', url: 'http://127.0.0.1:1/' }]);
const apply = (signals: readonly Signal[], now = NOON) =>
  ground.store.write((q) => applySignals(ground.db, q, signals, policy, now));

describe('a storm', () => {
  it('of ten thousand signals is told in messages of a hundred, and again of its end', async () => {
    const grouped = policyTo([{ id: 'hook', url: 'http://127.0.0.1:1/' }]);
    for (const route of grouped.alerting?.routes ?? []) route.groupBy = [];
    const storm = Array.from({ length: 10_000 }, (_, n) =>
      signal({ key: `external:${n}`, labels: { target: `t${n}` } }),
    );
    const opened = await ground.store.write((q) => applySignals(ground.db, q, storm, grouped, NOON));
    expect(opened.changes).toHaveLength(10_000);
    expect(opened.owed).toBe(100);
    expect(await ground.db.incidents.unresolved()).toHaveLength(10_000);
    const end = storm.map((one) => ({ ...one, kind: 'close' as const, at: NOON + 60_000 }));
    const closed = await ground.store.write((q) => applySignals(ground.db, q, end, grouped, NOON + 60_000));
    expect(closed.owed).toBe(100);
    expect(await ground.db.incidents.unresolved()).toEqual([]);
  }, 120_000);
});

describe('fifty regressions of an audit', () => {
  it('are one incident per category, which names the first and counts the rest', async () => {
    const many = (category: 'headers' | 'tls') =>
      Array.from({ length: 25 }, (_, n) => finding({ category, check: `${category}.c${n}`, subject: `s${n}` }));
    const findings = [...many('headers'), ...many('tls')];
    const said = () => ({ target: shop, findings, minSeverity: 'high' as const, now: NOON });
    await apply(signalsFromFindings({ ...said(), unresolved: new Map() }));
    const open = await ground.db.incidents.unresolved();
    expect(open.map((one) => one.key).sort()).toEqual(['audit:shop-web:headers', 'audit:shop-web:tls']);
    expect(open[0]?.causes).toHaveLength(25);
    expect(open[0]?.title).toMatch(/^Shop: 25 problems in \w+ \(\w+\.c0, \w+\.c1, \w+\.c2 and 22 more\)$/);
    const again = await apply(signalsFromFindings({ ...said(), unresolved: byKey(open) }), NOON + 1);
    expect(again.changes).toEqual([]);
  });
});

describe('what opens after a deployment', () => {
  it('says which version had been deployed before it, and nothing of another service or of long ago', async () => {
    const deployed = (id: string, service: string, version: string, at: number) =>
      ground.store.write((q) =>
        ground.db.deployments.add(q, {
          id,
          service,
          environment: 'production',
          version,
          commit: null,
          at,
          actor: 'ci',
          url: null,
        }),
      );
    await deployed('d1', 'shop', 'v1.1', NOON - 10 * 3_600_000);
    await deployed('d2', 'shop', 'v1.2', NOON - 3 * 60_000);
    await deployed('d3', 'stock', 'v9', NOON - 60_000);
    await deployed('d4', 'shop', 'v1.3', NOON + 60_000);
    await deployed('d5', 'old', 'v1', NOON - 2 * 3_600_000);
    await apply([signal(), signal({ key: 'monitor:old', labels: { target: 'old', service: 'old' } })]);
    const lines = async (key: string) => {
      const one = (await ground.db.incidents.unresolved()).find((incident) => incident.key === key);
      return (await ground.db.incidents.timeline(one?.id ?? '')).map(({ type, text }) => [type, text]);
    };
    expect(await lines('monitor:shop-web')).toEqual([
      ['opened', 'Shop is down'],
      ['note', 'shop v1.2 was deployed 3m before'],
    ]);
    expect(await lines('monitor:old')).toEqual([['opened', 'Shop is down']]);
  });
});
