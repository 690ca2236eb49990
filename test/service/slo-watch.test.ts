import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyConfig } from '../../src/config/config.ts';
import type { Beat } from '../../src/core/monitor.ts';
import { applySignals } from '../../src/incidents/apply.ts';
import type { ServiceCore } from '../../src/service/core.ts';
import { startSloWatch } from '../../src/service/slo-watch.ts';
import { objectives, uptimes } from '../../src/service/uptime.ts';
import { freshStore } from '../incidents/store.ts';
import { NOON, shop } from '../incidents/support.ts';

const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;
let ground: Awaited<ReturnType<typeof freshStore>>;
let now = NOON;
beforeEach(async () => {
  ground = await freshStore();
  now = NOON;
});
afterEach(() => ground.close());

function core() {
  const config = emptyConfig();
  config.targets = [
    {
      target: shop,
      audit: null,
      heartbeat: null,
      checks: new Map(),
      monitor: {
        id: 'shop-web',
        name: 'Shop',
        look: { kind: 'tcp', host: '127.0.0.1', port: 1, latencyBelowMs: null },
        everyMs: MIN,
        timeoutMs: 1_000,
        downAfter: 3,
        upAfter: 2,
        severity: 'high',
        slo: { objective: 0.999, windowMs: 30 * DAY },
        labels: { target: 'shop-web', service: 'shop' },
      },
    },
  ];
  const policy = { alerting: null, dependsOn: new Map() };
  const given = {
    now: () => now,
    store: ground.store,
    db: ground.db,
    config: { current: () => config },
    alerts: {
      apply: (q: never, signals: never, at: number) => applySignals(ground.db, q, signals, policy, at),
      settled: () => {},
    },
  };
  return { config, core: given as unknown as ServiceCore };
}

/** Looks once a minute in [from, to); down where `down` says so. */
async function looks(from: number, to: number, state: (at: number) => 'up' | 'down' | 'unknown') {
  const beats: Beat[] = [];
  for (let at = from; at < to; at += MIN) {
    const nothing = { startedAt: at, finishedAt: at, latencyMs: null, timings: null, code: null, reason: null };
    beats.push({ monitorId: 'shop-web', scheduledAt: at, state: state(at), ...nothing });
  }
  await ground.store.write((q) => ground.db.monitors.append(q, { beats }));
}
const change = (at: number, fromState: 'up' | 'down' | 'unknown', toState: 'up' | 'down' | 'unknown') =>
  ground.store.write((q) =>
    ground.db.monitors.append(q, {
      beats: [],
      changes: [{ monitorId: 'shop-web', at, fromState, toState, reason: null }],
    }),
  );

describe('objectives', () => {
  it('opens an incident while the budget burns, keeps it while blind and ends it afterwards', async () => {
    const { core: given } = core();
    await looks(NOON - 3 * DAY, NOON - 10 * MIN, () => 'up');
    await looks(NOON - 10 * MIN, NOON, () => 'down');
    await change(NOON - 3 * DAY, 'unknown', 'up');
    await change(NOON - 10 * MIN, 'up', 'down');
    const watch = startSloWatch(given, { now: () => now, after: () => () => {} }, () => {});
    await watch.look();
    const [incident] = await ground.db.incidents.unresolved();
    expect(incident).toMatchObject({
      key: 'slo:monitor:shop-web',
      source: 'slo',
      severity: 'high',
      labels: { check: 'uptime.error-budget', service: 'shop' },
    });
    expect((await ground.db.incidents.timeline(incident?.id ?? ''))[0]?.text).toMatch(/10 of 60 looks found it down/);
    await looks(NOON, NOON + HOUR, () => 'unknown');
    now = NOON + HOUR;
    await watch.look();
    expect(await ground.db.incidents.unresolved()).toHaveLength(1);
    now = NOON + 4 * DAY;
    await looks(NOON + HOUR, now, () => 'up');
    await watch.look();
    expect(await ground.db.incidents.unresolved()).toEqual([]);
    watch.stop();
  });

  it('ends the incident of an objective that is no longer configured', async () => {
    const { core: given, config } = core();
    await looks(NOON - 3 * DAY, NOON, () => 'down');
    const watch = startSloWatch(given, { now: () => now, after: () => () => {} }, () => {});
    await watch.look();
    expect(await ground.db.incidents.unresolved()).toHaveLength(1);
    config.targets = [];
    await watch.look();
    expect(await ground.db.incidents.unresolved()).toEqual([]);
    watch.stop();
  });

  it('leaves maintenance of the configuration and of run time out of uptime and budget', async () => {
    const { core: given, config } = core();
    await change(NOON - DAY, 'unknown', 'up');
    await change(NOON - 3 * HOUR, 'up', 'down');
    const at = async () => (await uptimes(given, { from: NOON - DAY, to: NOON })).get('shop-web');
    expect(await at()).toMatchObject({ downMs: 3 * HOUR, maintenanceMs: 0 });
    await ground.store.write((q) =>
      ground.db.maintenance.add(q, {
        id: 'w1',
        matchers: [{ label: 'service', values: ['shop'] }],
        startsAt: NOON - 3 * HOUR,
        endsAt: NOON - 2 * HOUR,
        title: 'database',
        createdBy: 'ana',
        createdAt: NOON - 4 * HOUR,
      }),
    );
    expect(await at()).toMatchObject({ downMs: 2 * HOUR, maintenanceMs: HOUR });
    const when = { type: 'once' as const, from: '2026-11-20T09:30', to: '2026-11-20T11:00' };
    const nothing = { channels: [], people: [], schedules: [], escalations: [], routes: [], inhibit: [] };
    config.alerting = { ...nothing, maintenance: [{ match: { service: ['shop'] }, timeZone: 'UTC', when }] };
    expect(await at()).toMatchObject({ downMs: HOUR, maintenanceMs: 2 * HOUR, uptime: 21 / 22 });
    expect((await objectives(given))[0]?.budgetLeft).toBeCloseTo(1 - HOUR / (0.001 * 22 * HOUR));
  });
});
