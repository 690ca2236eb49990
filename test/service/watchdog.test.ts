import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { type AlertPolicy, applySignals } from '../../src/incidents/apply.ts';
import { createLog } from '../../src/ops/log.ts';
import { createAlerts } from '../../src/service/alerts.ts';
import { startWatchdog } from '../../src/service/watchdog.ts';
import { configOf } from '../config/support.ts';
import { freshStore } from '../incidents/store.ts';
import { NOON, signal } from '../incidents/support.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const work of cleanUp.splice(0).reverse()) await work();
});

/** A clock that moves when told to, and then calls back what is due. */
function handClock() {
  let now = NOON;
  let due: { at: number; call: () => void }[] = [];
  return {
    now: () => now,
    after(ms: number, call: () => void) {
      const entry = { at: now + ms, call };
      due.push(entry);
      return () => {
        due = due.filter((one) => one !== entry);
      };
    },
    move(ms: number) {
      now += ms;
      const ready = due.filter((one) => one.at <= now);
      due = due.filter((one) => one.at > now);
      for (const one of ready) one.call();
    },
  };
}

async function begin() {
  const ground = await freshStore();
  cleanUp.push(ground.close);
  const pings: number[] = [];
  const server = createServer((_request, response) => {
    pings.push(clock.now());
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  cleanUp.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const config: Config = configOf(`
version: 1
alerting:
  channels: { hook: { webhook: { url: "http://127.0.0.1:9/" } } }
  escalations: { night: { steps: [{ notify: [channel:hook] }] } }
  routes: [{ escalation: night, groupWait: 0s }]
  deadMan: { url: "http://127.0.0.1:${(server.address() as AddressInfo).port}/sign", every: 1m }
`);
  const clock = handClock();
  const lines: Record<string, unknown>[] = [];
  const log = createLog({ version: '0.0.0' }, { write: (line) => lines.push(JSON.parse(line)) });
  const { store, db } = ground;
  const alerts = createAlerts({
    store,
    db,
    clock,
    config: () => config,
    onChange: () => {},
    onOwed: () => {},
    onTrouble: () => {},
  });
  const delivery = { lookedAt: NOON };
  const disk = { full: false };
  const write: typeof store.write = (work) => (disk.full ? Promise.reject(new Error('disk full')) : store.write(work));
  const withheld: string[] = [];
  const figures = { missing: -1 };
  let counted = () => {};
  const watchdog = startWatchdog(
    { store: { ...store, write }, db, alerts, log, now: clock.now, config: { current: () => config } },
    {
      clock,
      metrics: {
        missingSteps: { set: (n: number) => Object.assign(figures, { missing: n }) },
        deadManPings: {
          inc: ({ result }: { result: string }) => {
            withheld.push(result);
            counted();
          },
        },
      },
      deliveryLookedAt: () => delivery.lookedAt,
      onTrouble: () => {},
    },
  );
  cleanUp.push(
    () => watchdog.stop(),
    () => alerts.stop(),
  );
  /** Moves the clock, and waits for the sign of life or for its being withheld. */
  const after = async (ms: number): Promise<string | undefined> => {
    const done = new Promise<void>((resolve) => {
      counted = resolve;
    });
    clock.move(ms);
    await done;
    await turn(); // the next one is put on the clock
    return withheld.at(-1);
  };
  return { ...ground, disk, config, clock, lines, delivery, watchdog, figures, pings, after };
}

it('tells the dead man that we live, and falls silent while delivery, the watch or the store do not work', async () => {
  const { after, delivery, watchdog, pings, clock, disk } = await begin();
  expect(await after(0)).toBe('sent');
  delivery.lookedAt = clock.now() + 60_000;
  expect(await after(60_000)).toBe('sent');
  expect(pings).toEqual([NOON, NOON + 60_000]);
  expect(await after(61_000)).toBe('withheld');
  delivery.lookedAt = clock.now();
  await watchdog.look();
  expect(await watchdog.troubles()).toEqual([]);
  delivery.lookedAt = clock.now() + 60_000;
  expect(await after(60_000)).toBe('sent');
  expect(pings).toHaveLength(3);
  disk.full = true;
  delivery.lookedAt = clock.now() + 60_000;
  expect(await after(60_000)).toBe('withheld');
  expect(pings).toHaveLength(3);
  expect(await watchdog.troubles()).toEqual(['the store takes no transaction']);
});

it('makes an incident of a step that did not run, has it run, and ends the incident when all is well', async () => {
  const { store, db, config, clock, watchdog, figures, lines } = await begin();
  // An incident whose plan was never made, as if the process had been stopped by a debugger.
  const asleep: AlertPolicy = { alerting: null, dependsOn: new Map() };
  await store.write((q) => applySignals(db, q, [signal({ at: NOON })], asleep, NOON));
  const [incident] = await db.incidents.unresolved();
  expect(await watchdog.look()).toEqual([]);
  clock.move((config.alerting?.budget?.digestEveryMs ?? 0) + 8 * 60_000);
  expect(await watchdog.look()).toMatchObject([
    { incidentId: incident?.id, escalation: 'night', step: 1, channel: 'hook' },
  ]);
  expect(figures.missing).toBe(1);
  expect(lines.map((line) => line.msg)).toContain('a step of an escalation did not run');
  expect((await db.incidents.unresolved()).map(({ key }) => key).sort()).toEqual([
    'monitor:shop-web',
    'self:escalations',
  ]);
  expect(await db.outbox.toldAbout([incident?.id ?? ''])).toMatchObject([{ channel: 'hook', type: 'incident.opened' }]);
  expect(await watchdog.look()).toEqual([]);
  expect(figures.missing).toBe(0);
  expect((await db.incidents.unresolved()).map(({ key }) => key)).toEqual(['monitor:shop-web']);
});
